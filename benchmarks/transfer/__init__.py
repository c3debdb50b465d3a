"""Data in, doubles out, data out: how fast and how right."""
