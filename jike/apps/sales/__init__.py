"""Leads, opportunities and visits."""
