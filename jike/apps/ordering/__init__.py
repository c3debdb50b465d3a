"""Product orders and the service tasks they are split into."""
