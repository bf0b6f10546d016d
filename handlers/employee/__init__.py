"""What an employee does by chatting."""
