"""What a coordinator does by chatting."""
