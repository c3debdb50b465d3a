"""Puts the parts together: settings, addresses, menu, event wiring, middleware, and the `jike` command."""
