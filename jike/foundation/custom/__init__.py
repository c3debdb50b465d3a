"""Custom fields as data and figures: formulas, what the database computes of stored values, and how values are kept."""
