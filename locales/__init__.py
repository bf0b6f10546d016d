"""The sentences of the interface in both languages."""
