"""Consent of a person to our keeping what goes beyond business: of which topics, how it was given, and what stands.

The law on personal information asks for a separate consent, from the person, that can be withdrawn as easily as it was
given. Without one the fields stay empty; the database refuses anything else.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

__all__ = ["CONSENTED", "Means", "Topic", "topics_standing"]


class Topic(StrEnum):
    """What a consent is about; each is a field of the key person by the same name."""

    SPOUSE = "spouse"
    FAMILY = "family"
    CIRCLE = "circle"
    HOBBIES = "hobbies"


class Means(StrEnum):
    """How the person consented, from what proves most to what proves least."""

    SIGNED = "signed"
    MAIL = "mail"
    MESSAGE = "message"
    SPOKEN = "spoken"


CONSENTED = tuple(str(topic) for topic in Topic)
"""The fields that stay empty without a standing consent."""


def topics_standing(consents: Iterable[tuple[Iterable[str], dt.date | None]]) -> tuple[str, ...]:
    """Return the topics that some consent still covers, in their order.

    Parameters
    ----------
    consents
        Of each the topics, and the day on which it was withdrawn.
    """
    standing = {topic for topics, withdrawn_on in consents if withdrawn_on is None for topic in topics}
    return tuple(topic for topic in CONSENTED if topic in standing)
