"""What a person reads, made from rows: screens, notices, refusals, sheets."""
