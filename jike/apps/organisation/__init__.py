"""organisation: units, people, posts, roles and rights, deputies, sign-in and integration tokens."""
