"""Satisfaction: what was perceived less what was expected, and the two shares that go with it.

美誉度 is the share of those asked who think well of us, 指名度 the share who would ask for us by name. The index
follows the idea of DB3307/T 69-2018, which joins what customers say with what is measured; the weights are defaults.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

__all__ = [
    "ASPECTS",
    "SCALE",
    "Aspect",
    "Occasion",
    "SurveyState",
    "index_of",
    "may_answer",
    "means_of",
    "satisfaction_of",
]


class Aspect(StrEnum):
    """What is asked about, in the order of the questionnaire."""

    NETWORK = "network"
    REPAIR = "repair"
    DELIVERY = "delivery"
    TARIFF = "tariff"
    MANAGER = "manager"


class Occasion(StrEnum):
    """Why one is asked."""

    TICKET = "ticket"
    DELIVERY = "delivery"
    PERIODIC = "periodic"


class SurveyState(StrEnum):
    """A survey is answered once or not at all."""

    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


ASPECTS = tuple(Aspect)
SCALE = range(1, 11)
"""Points one may give, for what was expected and for what was perceived."""
SUBJECTIVE, OBJECTIVE = Decimal("0.7"), Decimal("0.3")
CENT = Decimal("0.01")


def may_answer(state: SurveyState, valid_until: dt.date, *, on: dt.date) -> bool:
    """Whether the link of a survey still takes an answer on that day."""
    return state is SurveyState.SENT and on <= valid_until


def means_of(answers: Mapping[str, Sequence[int]]) -> tuple[Decimal, Decimal]:
    """Return the mean expectation and the mean perception of ``aspect → (expected, perceived)``.

    Raises
    ------
    ValueError
        No aspect was answered, one is unknown, or points lie outside the scale.
    """
    if not answers or not set(answers) <= {*ASPECTS}:
        raise ValueError("aspects")
    pairs = [tuple(pair) for pair in answers.values()]
    if any(len(pair) != 2 or any(points not in SCALE for points in pair) for pair in pairs):
        raise ValueError("points")
    expected, perceived = (sum(column) for column in zip(*pairs, strict=True))
    return _rounded(expected, len(pairs)), _rounded(perceived, len(pairs))


def satisfaction_of(expectation: Decimal, perception: Decimal) -> Decimal:
    """Return the satisfaction: perceived less expected, so that below zero we disappoint."""
    return perception - expectation


def index_of(perception: Decimal, in_time: Decimal | None) -> Decimal:
    """Return the index, 0 to 100, of mean perception (1 to 10) and share settled in time (0 to 1, None: not known)."""
    said = perception * 10
    if in_time is None:
        return said.quantize(CENT, ROUND_HALF_UP)
    return (SUBJECTIVE * said + OBJECTIVE * in_time * 100).quantize(CENT, ROUND_HALF_UP)


def _rounded(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(CENT, ROUND_HALF_UP)
