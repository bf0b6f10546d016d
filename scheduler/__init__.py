"""The alarm clock: what is due, on APScheduler; it holds no truth."""
