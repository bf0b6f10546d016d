"""The use cases: plain synchronous functions, one transaction each; and what runs them: `database`, `batch`, `work`."""
