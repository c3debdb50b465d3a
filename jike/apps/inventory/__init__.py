"""What customers have, and what they are billed for it."""
