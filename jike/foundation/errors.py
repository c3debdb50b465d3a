"""Everything that can go wrong, as one tree; one middleware turns it into a page, a fragment or JSON.

JikeError
├── NotFound        404  absent and hidden look alike
├── Refused         403  you see it, but may not do this to it
├── RuleBroken      422  the business says no, in a sentence its user can act on
│   └── Invalid     422  one or more fields are wrong; ``fields`` says which and why
├── Stale           409  somebody saved the row since you read it
├── TooLarge        413  more than the entry point takes
└── Unavailable     503  a part we need (the database above all) is not there now

"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

__all__ = ["Invalid", "JikeError", "NotFound", "Refused", "RuleBroken", "Stale", "TooLarge", "Unavailable"]


class JikeError(Exception):
    """The root; ``message`` is a translated sentence for the person at the screen."""

    status: ClassVar[int] = 500

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotFound(JikeError):
    """There is no such row, or this actor may not know of it."""

    status = 404


class Refused(JikeError):
    """The actor lacks the right; ``permission`` names the one that was missing."""

    status = 403

    def __init__(self, message: object = "", *, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class RuleBroken(JikeError):
    """A business rule forbids it."""

    status = 422


class Invalid(RuleBroken):
    """Fields are wrong; ``fields`` maps a field's name ("" for the whole row) to sentences."""

    def __init__(self, fields: Mapping[str, Sequence[object]]) -> None:
        self.fields = {name: [str(sentence) for sentence in sentences] for name, sentences in fields.items()}
        super().__init__(" ".join(sentence for sentences in self.fields.values() for sentence in sentences))


class Stale(JikeError):
    """The row moved on from version ``expected`` to ``current`` while it was being edited."""

    status = 409

    def __init__(self, message: object = "", *, expected: int, current: int) -> None:
        super().__init__(message)
        self.expected, self.current = expected, current


class TooLarge(JikeError):
    """The input exceeds what this entry point takes."""

    status = 413


class Unavailable(JikeError):
    """Something we depend on does not answer; trying again later is safe."""

    status = 503
