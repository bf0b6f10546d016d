"""Benchmarks: each figure against a peer or a limit measured in the same run."""
