"""Pages of the capability."""
