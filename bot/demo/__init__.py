"""The demo: a local simulator, sample people and produce, a round that closes within minutes."""
