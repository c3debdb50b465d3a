"""What a capability's `demo.py` offers: steps that make its demo data through actions, and names to sign in with.

A capability's module has `steps(scale) -> list[Step]` and may have `sign_ins() -> list[SignIn]`. The site walks the
capabilities from the lowest to the highest.
"""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["SCALES", "SignIn", "Step"]

SCALES = ("demo", "S", "M", "L", "archive")
"""From a handful of everything to far more than one province has."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the demo data.

    `name` is unique within its capability; `title` is what people see while it runs; `size` is the number of rows it
    makes, from which the time left is guessed. `run` gets a function to be called with the number of rows just made.
    It must leave the same data when it runs again after having been killed anywhere.
    """

    name: str
    title: str
    size: int
    run: Callable[[Callable[[int], None]], None]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A demo person to sign in as: what to type, and what the person does."""

    name: str
    password: str
    role: str
