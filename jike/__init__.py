"""Jike 集客: the open system with which a telecom operator looks after its enterprise key accounts."""

__version__ = "0.1.0"
