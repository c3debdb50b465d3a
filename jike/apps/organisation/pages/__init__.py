"""Pages of the capability: sign-in, people, units, roles and rights, tokens."""
