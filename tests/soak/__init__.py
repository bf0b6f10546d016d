"""A month in the life of the bot, on a clock that leaps from one due moment to the next."""
