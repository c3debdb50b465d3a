"""Enquiries, complaints and troubles with their clocks; surveys."""
