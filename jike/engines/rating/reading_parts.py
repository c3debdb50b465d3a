"""The keys of a tariff file, part by part; the tutorial shows each in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from jike.engines.rating import tariff as t
from jike.engines.rating.amounts import BASIS
from jike.engines.rating.reading import (
    Section,
    count,
    dates,
    flag,
    minute,
    money,
    names,
    one_of,
    price,
    ratio,
    rounding,
    service,
    text,
)


def tariff(top: Section) -> t.Tariff:
    """Read the whole file."""
    no_days: frozenset[date] = frozenset()
    items = tuple(item(s) for s in top.sections("items"))
    found = t.Tariff(
        name=top.take("name", text),
        items=items,
        zones=zones(top),
        windows=tuple(window(s) for s in top.sections("windows")),
        fees=tuple(fee(s) for s in top.sections("fees")),
        allowances=tuple(allowance(s, items) for s in top.sections("allowances")),
        adjustments=tuple(adjustment(s) for s in top.sections("adjustments")),
        payments=tuple(payment(s) for s in top.sections("payments")),
        sharing=tuple(sharing(s) for s in top.sections("sharing")),
        contract=contract(top.section("contract")),
        tax=tax(top.section("tax")),
        effect=top.take("effect", one_of(t.Effect), t.Effect.AT_ONCE),
        time_zone=top.take("time_zone", text, "Asia/Shanghai"),
        holidays=top.take("holidays", dates, no_days),
        working_weekends=top.take("working_weekends", dates, no_days),
        largest=largest(top.section("largest")),
    )
    top.close()
    return found


def zones(top: Section) -> tuple[t.Zone, ...]:
    """Read `zones`, a list of {name, prefixes}."""
    found = []
    for part in top.sections("zones"):
        found.append(t.Zone(part.take("name", text), part.take("prefixes", names)))
        part.close()
    return tuple(found)


def window(part: Section) -> t.Window:
    """Read a window: a name and its spans."""
    name = part.take("name", text)
    spans: list[t.Span] = []
    for span in part.sections("spans"):
        days = span.take("days", day_kinds, frozenset(t.DayKind))
        start, end = span.take("from", minute, 0), span.take("to", minute, 1440)
        if start < end:
            spans.append(t.Span(days, start, end))
        else:
            spans += [t.Span(days, start, 1440)] + ([t.Span(days, 0, end)] if end else [])
        span.close()
    part.close()
    return t.Window(name, tuple(spans))


def day_kinds(value: Any) -> frozenset[t.DayKind]:
    """Read a list of day kinds."""
    return frozenset(one_of(t.DayKind)(v) for v in names(value))


def conditions(part: Section) -> t.Rule:
    """Read one rule of an item."""

    def parties(value: Any) -> tuple[t.Party, ...]:
        return tuple(one_of(t.Party)(v) for v in names(value))

    found = t.Rule(
        zones=part.take("zones", names, ()),
        windows=part.take("windows", names, ()),
        parties=part.take("parties", parties, ()),
        price=part.take("price", price, None),
    )
    part.close()
    return found


def item(part: Section) -> t.UsageItem:
    """Read a usage item."""
    rules = tuple(conditions(r) for r in part.sections("rules"))
    tiers = tier_table(part.section("tiers"))
    how, at = rounding(part)
    what = part.take("service", service) or t.Service.EVENT
    unit = part.take("unit", text, t.UNITS[what])
    if unit != t.UNITS[what]:
        part.problems.append(
            f"{part.place}.unit: {what.name.lower()} is measured in {t.UNITS[what]}, not {unit}"
        )
    if tiers and at == "record":
        part.problems.append(
            f"{part.place}.round.at: an item with tiers is rounded on the bill, not by record"
        )
    found = t.UsageItem(
        name=part.take("name", text),
        service=what,
        rules=rules or (t.Rule(price=part.take("price", price, None)),),
        per=part.take("per", count, 1),
        minimum=part.take("minimum", count, 1),
        step=part.take("step", count, 1),
        tiers=tiers,
        rounding=how,
        whole=at == "bill" or tiers is not None,
    )
    part.close()
    return found


def tier_table(part: Section | None) -> t.Tiers | None:
    """Read the tiers of an item."""
    if part is None:
        return None
    bands = []
    for band in part.sections("bands"):
        bands.append(t.Band(band.take("up_to", count, None), band.take("price", price)))
        band.close()
    found = t.Tiers(
        part.take("kind", one_of(t.TierKind)),
        tuple(bands),
        part.take("scope", one_of(t.Scope), t.Scope.MEMBER),
    )
    part.close()
    return found


def allowance(part: Section, items: tuple[t.UsageItem, ...]) -> t.Allowance:
    """Read an allowance; its unit, when stated, must be the unit of its items."""
    covered = part.take("of", names)
    unit = part.take("unit", text, None)
    for one in items:
        if unit and one.name in covered and t.UNITS[one.service] != unit:
            part.problems.append(
                f"{part.place}.unit: {one.name} is measured in {t.UNITS[one.service]}, not {unit}"
            )
    found = t.Allowance(
        name=part.take("name", text),
        items=covered,
        quantity=part.take("quantity", count),
        scope=t.Scope.CUSTOMER if part.take("pooled", flag, False) else t.Scope.MEMBER,
        for_customer=part.take("for_customer", flag, False),
        spend=part.take("spend", one_of(t.Spend), t.Spend.LISTED),
        rolls_over=part.take("rolls_over", flag, False),
        prorated=part.take("prorated", flag, False),
    )
    part.close()
    return found


def fee(part: Section) -> t.Fee:
    """Read a fee."""
    bands = []
    for band in part.sections("bands"):
        bands.append(t.CountBand(band.take("up_to", count, None), band.take("price", money)))
        band.close()
    found = t.Fee(
        name=part.take("name", text),
        price=part.take("price", money, 0) if bands else part.take("price", money),
        once=part.take("once", flag, False),
        scope=t.Scope.CUSTOMER if bands else part.take("per", one_of(t.Scope), t.Scope.MEMBER),
        prorate=part.take("prorate", one_of(t.Prorate), t.Prorate.DAYS),
        bands=tuple(bands),
        band_kind=part.take("band_kind", one_of(t.TierKind), t.TierKind.VOLUME),
        rounding=rounding(part)[0],
    )
    part.close()
    return found


def adjustment(part: Section) -> t.Adjustment:
    """Read an adjustment; its kind says which keys it has."""

    def months(value: Any) -> tuple[int, int]:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError(f"two months such as [1, 3] are expected, not {value!r}")
        return count(value[0]), count(value[1])

    kind = part.take("kind", one_of(t.Alters))
    keys: dict[str, tuple[str, Callable[[Any], Any]]] = {
        t.Alters.RATIO: ("ratio", ratio),
        t.Alters.FREE_MONTHS: ("free", months),
    }
    steps = []
    for step in part.sections("steps") if kind is t.Alters.SPEND else []:
        steps.append(t.Step(step.take("from", money), step.take("ratio", ratio)))
        step.close()
    name, read = keys.get(kind, ("sum", money))
    given: dict[str, Any] = {} if kind is t.Alters.SPEND else {name: part.take(name, read)}
    if kind is t.Alters.COMMITMENT:
        given["ratio"] = part.take("ratio", ratio, BASIS)
    if kind is t.Alters.SPEND:
        given["step_kind"] = part.take("step_kind", one_of(t.TierKind), t.TierKind.VOLUME)
    if kind is t.Alters.BUNDLE:
        given["includes"] = part.take("includes", names, ())
    found = t.Adjustment(
        name=part.take("name", text),
        kind=kind,
        of=part.take("of", names, ()) if given.get("includes") else part.take("of", names),
        scope=part.take("scope", one_of(t.Scope), t.Scope.MEMBER),
        steps=tuple(steps),
        rounding=rounding(part)[0],
        **given,
    )
    part.close()
    return found


def payment(part: Section) -> t.Payment:
    """Read what the customer pays for its members."""
    kind = part.take("kind", one_of(t.Pays))
    given: dict[str, Any] = {}
    if kind is t.Pays.RATIO:
        given["ratio"] = part.take("ratio", ratio)
    elif kind is not t.Pays.WHOLE:
        given["sum"] = part.take("sum", money)
    found = t.Payment(
        part.take("name", text), kind, part.take("of", names), rounding=rounding(part)[0], **given
    )
    part.close()
    return found


def sharing(part: Section) -> t.Sharing:
    """Read who bears which part of a line."""
    parts = []
    for payer in part.sections("parts"):
        parts.append((payer.take("payer", text), payer.take("ratio", ratio)))
        payer.close()
    found = t.Sharing(part.take("name", text), part.take("of", names), tuple(parts), rounding(part)[0])
    part.close()
    return found


def contract(part: Section | None) -> t.Contract | None:
    """Read the contract term and the early-termination fee."""
    if part is None:
        return None
    found = t.Contract(
        months=part.take("months", count),
        of=part.take("of", names),
        fee_months=part.take("fee_months", count, None),
        ratio=part.take("ratio", ratio, 0),
        rounding=rounding(part)[0],
    )
    part.close()
    return found


def tax(part: Section | None) -> t.Tax:
    """Read the tax rates."""
    if part is None:
        return t.Tax()
    rates = []
    for one in part.sections("rates"):
        rates += [(name, one.take("rate", ratio)) for name in one.take("of", names)]
        one.close()
    found = t.Tax(
        part.take("rate", ratio), part.take("included", flag, True), tuple(rates), rounding(part)[0]
    )
    part.close()
    return found


def largest(part: Section | None) -> tuple[tuple[t.Service, int], ...]:
    """Read the largest believable quantity of a record by service."""
    if part is None:
        return ()
    found = tuple((s, part.take(s.name.lower(), count, 0)) for s in t.Service if s.name.lower() in part.data)
    part.known += [s.name.lower() for s in t.Service]
    part.close()
    return found
