"""Which mix of tariffs? Cheapest for the customer above a margin floor, or most profitable below a rival's price.

Both are multiple-choice knapsacks (Kellerer, Pferschy, Pisinger: Knapsack Problems, 2004, ch. 11), solved exactly by
OR-tools CP-SAT over integers of li. Members with the same prices and costs are one group, which keeps models small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from ortools.sat.python import cp_model

from jike.engines.rating.amounts import BASIS, yuan
from jike.engines.rating.errors import RatingError
from jike.engines.rating.facts import Ints

EXACT_UNTIL = 2**53


class Aim(StrEnum):
    """What the mix is chosen for."""

    CHEAPEST = "cheapest"
    MOST_PROFITABLE = "most_profitable"


class NoMix(RatingError):
    """No mix of the tariffs satisfies the condition; the sentence says how far the best one is off."""


@dataclass(frozen=True)
class Mix:
    """The tariff chosen for each member, and why.

    Attributes
    ----------
    chosen
        Index of the tariff of each member.
    price, cost
        Sums in li.
    proven
        Whether no better mix exists; False when the time ran out first.
    reasons
        One sentence for the whole, then one for each tariff used.
    """

    chosen: Ints
    price: int
    cost: int
    proven: bool
    reasons: list[str]

    @property
    def margin(self) -> int:
        """Margin in li."""
        return self.price - self.cost


@dataclass(frozen=True)
class Offer:
    """Prices and costs in li, each of shape (tariffs, members), and the tariffs' names."""

    names: Sequence[str]
    prices: Ints
    costs: Ints

    def __post_init__(self) -> None:
        if (
            self.prices.shape != self.costs.shape
            or len(self.names) != len(self.prices)
            or not self.prices.size
        ):
            raise ValueError(
                "an offer needs prices and costs of one shape, (tariffs, members), neither empty"
            )
        if int(np.abs(self.prices).sum()) + int(np.abs(self.costs).sum()) > EXACT_UNTIL // BASIS:
            raise ValueError("prices and costs are too large to be optimised exactly")


def cheapest_mix(offer: Offer, *, margin_floor: int, seconds: float = 20.0) -> Mix:
    """Return the mix with the lowest price whose margin is at least `margin_floor` basis points of the price.

    Raises
    ------
    NoMix
        No mix reaches the floor.

    Examples
    --------
    >>> offer = Offer(["now", "lean"], np.array([[100, 100], [80, 60]]), np.array([[50, 50], [50, 50]]))
    >>> mix = cheapest_mix(offer, margin_floor=4_000)
    >>> mix.chosen.tolist(), mix.price, mix.margin
    ([1, 0], 180, 80)
    """
    groups = _Groups(offer)
    model, picks = groups.model()
    floor = groups.prices * (BASIS - margin_floor) - groups.costs * BASIS
    model.add(groups.sum(picks, floor) >= 0)
    model.minimize(groups.sum(picks, groups.prices))
    found = groups.solved(model, picks, seconds)
    if found is None:
        best = (offer.prices - offer.costs).max(axis=0).sum()
        raise NoMix(
            f"No mix keeps a margin of {margin_floor / 100:g} %; the highest margin is {yuan(int(best))} yuan."
        )
    chosen, proven = found
    return _mix(
        offer, chosen, Aim.CHEAPEST, condition=f"a margin of at least {margin_floor / 100:g} %", proven=proven
    )


def most_profitable_mix(offer: Offer, *, rival_price: int, seconds: float = 20.0) -> Mix:
    """Return the mix with the highest margin whose whole price is not above a rival's, in li.

    Raises
    ------
    NoMix
        Even the cheapest mix costs more.
    """
    groups = _Groups(offer)
    model, picks = groups.model()
    model.add(groups.sum(picks, groups.prices) <= rival_price)
    model.maximize(groups.sum(picks, groups.prices - groups.costs))
    found = groups.solved(model, picks, seconds)
    if found is None:
        least = int(offer.prices.min(axis=0).sum())
        raise NoMix(
            f"Even the cheapest mix costs {yuan(least)} yuan, more than the rival's {yuan(rival_price)}."
        )
    chosen, proven = found
    return _mix(
        offer,
        chosen,
        Aim.MOST_PROFITABLE,
        condition=f"a price of at most {yuan(rival_price)} yuan",
        proven=proven,
    )


class _Groups:
    """Members with the same prices and costs, counted together."""

    def __init__(self, offer: Offer) -> None:
        columns = np.concatenate([offer.prices, offer.costs]).T
        distinct, back, counts = np.unique(columns, axis=0, return_inverse=True, return_counts=True)
        self.tariffs = len(offer.names)
        self.prices, self.costs = distinct[:, : self.tariffs], distinct[:, self.tariffs :]
        self.counts, self.back = counts, back.reshape(-1)

    def model(self) -> tuple[cp_model.CpModel, list[list[cp_model.IntVar]]]:
        """Return a model in which every member gets one tariff."""
        model = cp_model.CpModel()
        picks = []
        for group, count in enumerate(self.counts.tolist()):
            row = [model.new_int_var(0, count, f"g{group}t{t}") for t in range(self.tariffs)]
            model.add(sum(row) == count)
            picks.append(row)
        return model, picks

    def sum(self, picks: list[list[cp_model.IntVar]], values: Ints) -> cp_model.LinearExpr:
        """Return the sum of `values` over what is picked."""
        flat = [pick for row in picks for pick in row]
        return cp_model.LinearExpr.weighted_sum(flat, values.reshape(-1).tolist())

    def solved(
        self, model: cp_model.CpModel, picks: list[list[cp_model.IntVar]], seconds: float
    ) -> tuple[Ints, bool] | None:
        """Return the tariff of each member and whether it is proven best; None if there is no solution."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 2
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise RatingError(f"no mix was found within {seconds:g} s")
        chosen = np.zeros(len(self.back), dtype=np.int64)
        for group, row in enumerate(picks):
            each = [t for t, pick in enumerate(row) for _ in range(solver.value(pick))]
            chosen[np.flatnonzero(self.back == group)] = each
        return chosen, status == cp_model.OPTIMAL


def _mix(offer: Offer, chosen: Ints, aim: Aim, *, condition: str, proven: bool) -> Mix:
    at = np.arange(len(chosen))
    price, cost = int(offer.prices[chosen, at].sum()), int(offer.costs[chosen, at].sum())
    share = f", {100 * (price - cost) / price:.1f} % of the price" if price else ""
    found = "" if proven else " found in time"
    whole = f"Under the condition of {condition} this mix is the {aim.value.replace('_', ' ')}{found}: "
    reasons = [f"{whole}price {yuan(price)}, margin {yuan(price - cost)} yuan{share}."]
    for t in np.unique(chosen).tolist():
        mine = chosen == t
        now = int(offer.prices[0, mine].sum())
        then = int(offer.prices[t, mine].sum())
        least = int((offer.prices[:, mine].min(axis=0) == offer.prices[t, mine]).sum())
        most = int(
            ((offer.prices - offer.costs)[:, mine].max(axis=0) == (offer.prices - offer.costs)[t, mine]).sum()
        )
        reasons.append(
            f"{offer.names[t]}: {int(mine.sum())} members, {yuan(then)} yuan ({yuan(then - now)} against now); "
            f"for {least} of them it is the cheapest tariff, for {most} the one with the highest margin."
        )
    return Mix(chosen, price, cost, proven, reasons)
