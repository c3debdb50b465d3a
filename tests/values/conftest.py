"""Hypothesis without a time limit per example: the first example of a test may load a dictionary on a busy machine."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
