"""Calculation cores over numbers and Arrow: pure Python, no Django, each usable without the rest of Jike."""
