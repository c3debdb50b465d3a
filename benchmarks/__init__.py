"""Measurements of what Jike promises; `jike bench NAME` runs them from a checkout."""
