"""What was reached: the measures of people or units in a month, each by one grouped query, however many there are."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Sum

from jike.apps.customers.models import CustomerMonth
from jike.apps.organisation.models import Person, Unit
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import Stage, VisitState
from jike.apps.workplans.models import Target
from jike.apps.workplans.rules import Measure, progress
from jike.foundation.resource.listing import within_time
from jike.values.period import add_months

__all__ = ["Reached", "board_of", "people_of", "reached_by", "units_below"]

ZERO, DECEMBER = Decimal(0), 12
HUNDRED = Decimal(100)
Figures = dict[Measure, Decimal]


class Reached(NamedTuple):
    """One measure of somebody in a month; None where it is not known or no target is set."""

    measure: Measure
    actual: Decimal | None
    target: Decimal | None
    percent: int | None


class Sums(NamedTuple):
    """What adds up, and the two counts behind retention."""

    figures: Figures
    snapshot: int
    kept: int


def units_below(unit: Unit) -> list[Unit]:
    """Return the unit and all below it."""
    rows = Unit.objects.filter(Q(pk=unit.pk) | Q(ancestors__contains=[unit.pk]), removed_at=None)
    return list(rows.order_by("name_key", "id"))


def people_of(unit: Unit) -> list[Person]:
    """Return those in the unit itself who look after customers or have targets."""
    rows = Person.objects.filter(unit=unit, removed_at=None, is_active=True)
    working = Q(customers__isnull=False) | Q(targets__isnull=False)
    return list(rows.filter(working).distinct().order_by("name_key", "id"))


def reached_by(person: Person, month: dt.date) -> list[Reached]:
    """Return every measure of one person in the month."""
    sums = _sums("owner", [person.pk], month) or {}
    targets = _targets("owner", [person.pk], month).get(person.pk, {})
    return _reached(sums.get(person.pk), targets, billed=_is_billed(month))


def board_of(
    unit: Unit, month: dt.date
) -> tuple[list[Reached], list[tuple[Unit, list[Reached]]], list[tuple[Person, list[Reached]]]] | None:
    """Return the measures of a unit, of each unit directly below (with all below that), and of its own people.

    A unit without a target of its own has the sum of its people's. None when adding up takes too long.
    """
    below, people = units_below(unit), people_of(unit)
    numbers = [one.pk for one in below]
    by_unit = within_time(lambda: _sums("unit", numbers, month))
    by_person = within_time(lambda: _sums("owner", [one.pk for one in people], month))
    if by_unit is None or by_person is None:
        return None
    own, billed = _targets("unit", numbers, month), _is_billed(month)
    peoples = _targets_of_people(numbers, month)

    def whole(top: Unit) -> list[Reached]:
        within = [one.pk for one in below if one.pk == top.pk or top.pk in one.ancestors]
        summed = _added([by_unit[number] for number in within if number in by_unit])
        targets = _summed_targets(peoples, within) | own.get(top.pk, {})
        return _reached(summed, targets, billed=billed)

    theirs = _targets("owner", [one.pk for one in people], month)
    return (
        whole(unit),
        [(one, whole(one)) for one in below if one.parent_id == unit.pk],
        [(one, _reached(by_person.get(one.pk), theirs.get(one.pk, {}), billed=billed)) for one in people],
    )


def _sums(by: str, numbers: Collection[int], month: dt.date) -> dict[int, Sums]:
    """Return what each of ``numbers`` reached; ``by`` is ``owner`` or ``unit``."""
    last = add_months(month, 1) - dt.timedelta(days=1)
    snapshot = dt.date(month.year - 1, DECEMBER, 1)
    where = {f"customer__{by}__in": numbers}
    revenue = dict(
        CustomerMonth.objects.filter(month=month, **where)
        .values_list(f"customer__{by}")
        .annotate(Sum("revenue"))
    )
    won = dict(
        Opportunity.objects.filter(
            stage=Stage.WON, closed_on__range=(month, last), removed_at=None, **{f"{by}__in": numbers}
        )
        .values_list(by)
        .annotate(Sum("amount"))
    )
    visits = dict(
        Visit.objects.filter(
            state=VisitState.DONE, planned_on__range=(month, last), removed_at=None, **{f"{by}__in": numbers}
        )
        .values_list(by)
        .annotate(Count("pk"))
    )
    kept = _retention(by, where, snapshot=snapshot, month=month)
    return {
        number: Sums(
            {
                Measure.REVENUE: revenue.get(number) or ZERO,
                Measure.WON: won.get(number) or ZERO,
                Measure.VISITS: Decimal(visits.get(number, 0)),
            },
            *kept.get(number, (0, 0)),
        )
        for number in numbers
    }


def _retention(
    by: str, where: Mapping[str, Any], *, snapshot: dt.date, month: dt.date
) -> dict[int, tuple[int, int]]:
    """Return for each how many customers were billed in the snapshot's month, and how many of them in this one."""
    again = CustomerMonth.objects.filter(customer=OuterRef("customer"), month=month, revenue__gt=0)
    rows = CustomerMonth.objects.filter(month=snapshot, revenue__gt=0, **where).annotate(again=Exists(again))
    grouped = rows.values_list(f"customer__{by}")
    counted = grouped.annotate(there=Count("pk"), kept=Count("pk", filter=Q(again=True)))
    return {number: (there, kept) for number, there, kept in counted}


def _added(sums: Collection[Sums]) -> Sums:
    figures = {
        measure: sum((one.figures[measure] for one in sums), ZERO)
        for measure in (Measure.REVENUE, Measure.WON, Measure.VISITS)
    }
    return Sums(figures, sum(one.snapshot for one in sums), sum(one.kept for one in sums))


def _targets(by: str, numbers: Collection[int], month: dt.date) -> dict[int, Figures]:
    rows = Target.objects.filter(month=month, removed_at=None, **{f"{by}__in": numbers})
    rows = rows.filter(owner=None) if by == "unit" else rows
    found: dict[int, Figures] = {}
    for number, measure, value in rows.values_list(by, "measure", "value"):
        found.setdefault(number, {})[Measure(measure)] = value
    return found


def _targets_of_people(numbers: Collection[int], month: dt.date) -> dict[int, Figures]:
    """Return the sums of people's targets by the unit they are in; shares are not added up."""
    rows = Target.objects.filter(month=month, removed_at=None, unit__in=numbers, owner__isnull=False)
    summed = rows.exclude(measure=Measure.RETENTION).values_list("unit", "measure").annotate(Sum("value"))
    found: dict[int, Figures] = {}
    for number, measure, value in summed:
        found.setdefault(number, {})[Measure(measure)] = value
    return found


def _summed_targets(targets: Mapping[int, Figures], within: Collection[int]) -> Figures:
    found: Figures = {}
    for number in within:
        for measure, value in targets.get(number, {}).items():
            found[measure] = found.get(measure, ZERO) + value
    return found


def _share(sums: Sums) -> Decimal | None:
    return (HUNDRED * sums.kept / sums.snapshot).quantize(Decimal("0.1")) if sums.snapshot else None


def _is_billed(month: dt.date) -> bool:
    return CustomerMonth.objects.filter(month=month).exists()


def _reached(sums: Sums | None, targets: Figures, *, billed: bool) -> list[Reached]:
    lines = []
    for measure in Measure:
        actual: Decimal | None = None
        if sums is not None and measure is Measure.RETENTION:
            actual = _share(sums) if billed else None
        elif sums is not None and (measure is not Measure.REVENUE or billed):
            actual = sums.figures[measure]
        target = targets.get(measure)
        lines.append(Reached(measure, actual, target, progress(actual, target)))
    return lines
