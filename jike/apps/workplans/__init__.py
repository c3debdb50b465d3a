"""Plans of the week, and targets against what was reached."""
