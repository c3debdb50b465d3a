"""Quotes, their approval by authority, and agreements."""
