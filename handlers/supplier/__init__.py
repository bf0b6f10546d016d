"""What a supplier does by chatting."""
