"""The capabilities, each with the same five rooms: rules, models, queries, actions, pages."""
