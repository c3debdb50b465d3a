"""Benchmarks of the calculation engines."""
