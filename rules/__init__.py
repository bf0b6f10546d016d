"""The law of the trade: pure functions on values, standard library only."""
