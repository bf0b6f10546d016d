"""Screens: text and buttons, free of any chat library."""
