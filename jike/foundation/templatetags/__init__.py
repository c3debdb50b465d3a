"""Template tags and filters of the foundation."""
