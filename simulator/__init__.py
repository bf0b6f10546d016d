"""A local Telegram Bot API server with a chat page."""
