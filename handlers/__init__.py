"""The conversation: decode what came in, run one use case, show the answer."""
