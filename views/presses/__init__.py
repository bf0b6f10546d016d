"""What buttons carry, by area."""
