"""Refusals are compared in English, in which they are written."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let every sentence be English."""
    with translation.override("en"):
        yield
