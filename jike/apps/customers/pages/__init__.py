"""Pages of customers and key persons: what is theirs beyond lists, records and forms."""
