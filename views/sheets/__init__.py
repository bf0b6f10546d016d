"""Spreadsheets for people outside the chat."""
