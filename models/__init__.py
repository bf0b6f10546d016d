"""SQLModel tables with constraints and indexes, one module for each concept."""
