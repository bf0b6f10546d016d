"""The use cases: one transaction each, plain synchronous functions."""
