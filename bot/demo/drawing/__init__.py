"""Draws the demo's pictures: `python -m bot.demo.drawing` writes one JPEG for each product (needs Chromium)."""
