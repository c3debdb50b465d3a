"""To-dos on anything, for anyone entitled."""
