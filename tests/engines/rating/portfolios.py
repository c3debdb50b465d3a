"""Random tariffs, members and usage for Hypothesis, and both executions of them side by side."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume
from hypothesis import strategies as st

from jike.engines import rating
from jike.engines.rating import tariff as t
from jike.engines.rating.amounts import RESOLUTIONS, Mode, Rounding
from jike.engines.rating.usage import table_of_records

MONTH = rating.Month(2026, 3)
NUMBERS = ["05718888888", "13905718888", "10086", "0085212345678", "13800000001", "138"]
BEGIN, END = MONTH.bounds("Asia/Shanghai")

roundings = st.builds(Rounding, st.sampled_from(sorted(RESOLUTIONS)), st.sampled_from(Mode))
prices = st.sampled_from([0, 7, 150_000, 100_000, 283_203, 1_000_000])
sums = st.integers(0, 60_000)
ratios = st.integers(0, 10_000)
scopes = st.sampled_from(t.Scope)

ZONES = (t.Zone("near", ("0571", "138")), t.Zone("far", ("0", "1", "1390571")))
EVERY = frozenset(t.DayKind)
WINDOWS = (
    t.Window("busy", (t.Span(EVERY, 480, 1200),)),
    t.Window("quiet", (t.Span(EVERY, 0, 480), t.Span(EVERY, 1200, 1440))),
)
WEEKLY = (
    t.Window("busy", (t.Span(frozenset({t.DayKind.WORKDAY}), 485, 1200),)),
    t.Window(
        "quiet",
        (
            t.Span(frozenset({t.DayKind.WORKDAY}), 0, 485),
            t.Span(frozenset({t.DayKind.WORKDAY}), 1200, 1440),
            t.Span(frozenset({t.DayKind.WEEKEND, t.DayKind.HOLIDAY}), 0, 1440),
        ),
    ),
)


@st.composite
def tiers(draw: Any) -> t.Tiers | None:
    if not draw(st.booleans()):
        return None
    ends = sorted(draw(st.sets(st.integers(1, 2_000), min_size=1, max_size=2)))
    bands = tuple(t.Band(end, draw(prices)) for end in [*ends, None])
    return t.Tiers(draw(st.sampled_from(t.TierKind)), bands, draw(scopes))


@st.composite
def rules(draw: Any, price: int | None, same: bool) -> t.Rule:
    zones = draw(st.sampled_from([(), ("near",), ("far",), ("near", "far")]))
    windows = draw(st.sampled_from([(), (), ("busy",), ("quiet",)]))
    parties = draw(
        st.sampled_from([(), (), (t.Party.GROUP,), (t.Party.CIRCLE, t.Party.GROUP), (t.Party.OTHER,)])
    )
    return t.Rule(zones, windows, parties, price if same else draw(prices))


@st.composite
def items(draw: Any) -> tuple[t.UsageItem, ...]:
    found = []
    for n in range(draw(st.integers(1, 4))):
        ladder, whole, price = draw(tiers()), draw(st.booleans()), draw(prices)
        alike = whole or ladder is not None or draw(st.booleans())
        first = draw(rules(None if ladder else price, alike))
        more = draw(st.lists(rules(None if ladder else price, alike), max_size=1))
        found.append(
            t.UsageItem(
                f"item{n}",
                draw(st.sampled_from([t.Service.VOICE, t.Service.VOICE, t.Service.DATA])),
                (first, *more),
                per=draw(st.sampled_from([1, 60, 1024])),
                minimum=draw(st.sampled_from([1, 60])),
                step=draw(st.sampled_from([1, 6, 60])),
                tiers=ladder,
                rounding=draw(roundings),
                whole=whole or ladder is not None,
            )
        )
    return tuple(found)


@st.composite
def allowances(draw: Any, usage: tuple[t.UsageItem, ...]) -> tuple[t.Allowance, ...]:
    single = [i for i in usage if i.tiers or len({r.price for r in i.rules}) == 1]
    spend = draw(st.sampled_from(t.Spend))
    found = []
    for n in range(draw(st.integers(0, 2))):
        service = draw(st.sampled_from([i.service for i in single])) if single else None
        names = [i.name for i in single if i.service is service]
        if names:
            pooled = draw(scopes)
            found.append(
                t.Allowance(
                    f"free{n}",
                    tuple(draw(st.permutations(names))),
                    draw(st.integers(1, 900)),
                    scope=pooled,
                    for_customer=pooled is t.Scope.CUSTOMER and draw(st.booleans()),
                    spend=spend,
                    rolls_over=draw(st.booleans()),
                    prorated=draw(st.booleans()),
                )
            )
    return tuple(found)


@st.composite
def adjustments(draw: Any, names: list[str], customer: list[str]) -> tuple[t.Adjustment, ...]:
    found: list[t.Adjustment] = []
    known = list(names)
    for scope in [t.Scope.MEMBER] * draw(st.integers(0, 3)) + [t.Scope.CUSTOMER] * draw(st.integers(0, 2)):
        if scope is t.Scope.CUSTOMER:
            known = list(dict.fromkeys([*known, *customer]))
        kind = draw(
            st.sampled_from([k for k in t.Alters if scope is t.Scope.MEMBER or k is not t.Alters.FREE_MONTHS])
        )
        starts = sorted(draw(st.sets(st.integers(0, 50_000), min_size=1, max_size=3)))
        one = t.Adjustment(
            f"change{len(found)}",
            kind,
            tuple(draw(st.lists(st.sampled_from(known), min_size=1, unique=True))),
            scope=scope,
            ratio=draw(ratios),
            sum=draw(sums),
            free=(1, draw(st.integers(1, 4))),
            steps=tuple(t.Step(start, draw(ratios)) for start in starts),
            step_kind=draw(st.sampled_from(t.TierKind)),
            rounding=draw(roundings),
        )
        found.append(one)
        known.append(one.name)
    return tuple(found)


@st.composite
def tariffs(draw: Any) -> t.Tariff:
    usage = draw(items())
    bands = (t.CountBand(2, draw(sums)), t.CountBand(None, draw(sums)))
    fees = (
        t.Fee("rent", draw(sums), prorate=draw(st.sampled_from(t.Prorate)), rounding=draw(roundings)),
        t.Fee("setup", draw(sums), once=True),
        t.Fee("site", draw(sums), scope=t.Scope.CUSTOMER, once=draw(st.booleans())),
        t.Fee("seats", bands=bands, scope=t.Scope.CUSTOMER, band_kind=draw(st.sampled_from(t.TierKind))),
    )
    contract = draw(
        st.sampled_from(
            [None, t.Contract(12, ("rent",), fee_months=3), t.Contract(24, ("rent",), ratio=3_000)]
        )
    )
    found = t.Tariff(
        "random",
        usage,
        zones=ZONES,
        windows=draw(st.sampled_from([WINDOWS, WEEKLY])),
        fees=fees,
        allowances=draw(allowances(usage)),
        contract=contract,
        effect=draw(st.sampled_from(t.Effect)),
        tax=t.Tax(600, draw(st.booleans()), (("rent", 900),), draw(roundings)),
        holidays=frozenset({date(2026, 3, 12)}),
        working_weekends=frozenset({date(2026, 3, 14)}),
        largest=((t.Service.VOICE, 86_400),),
    )
    names = found.line_names(t.Scope.MEMBER)
    found = replace(found, adjustments=draw(adjustments(names, ["site", "seats"])))
    return replace(found, **draw(agreements(found.line_names(t.Scope.MEMBER), found.tax.included)))


@st.composite
def agreements(draw: Any, names: list[str], included: bool) -> dict[str, Any]:
    order = draw(st.permutations(names if included else [*names, "tax"]))
    cut = draw(st.integers(0, len(order)))
    paid, shared = tuple(order[:cut]), tuple(order[cut:])
    payments = [
        t.Payment(
            f"pay{n}",
            draw(st.sampled_from(t.Pays)),
            paid,
            draw(ratios),
            draw(st.integers(1, 60_000)),
            draw(roundings),
        )
        for n in range(draw(st.integers(0, 2)) if paid else 0)
    ]
    first = draw(ratios)
    parts = (("A", first), ("Z", 10_000 - first))
    sharing = [t.Sharing("ends", shared, parts, draw(roundings))] if shared and draw(st.booleans()) else []
    return {"payments": tuple(payments), "sharing": tuple(sharing)}


@st.composite
def members(draw: Any) -> list[rating.Member]:
    found = []
    for n in range(1, draw(st.integers(1, 5)) + 1):
        ordered = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 470)))
        until = draw(st.one_of(st.none(), st.dates(date(2026, 2, 20), date(2026, 4, 10))))
        circle = tuple(draw(st.lists(st.sampled_from(NUMBERS), max_size=1)))
        number = draw(st.sampled_from([None, *NUMBERS]))
        found.append(rating.Member(n, draw(st.integers(1, 3)), ordered, until, number, circle))
    return found


@st.composite
def records(draw: Any) -> list[rating.Record]:
    found = []
    for n in range(draw(st.integers(0, 40))):
        number = draw(st.sampled_from([None, *NUMBERS]))
        found.append(
            rating.Record(
                id=draw(st.one_of(st.just(n), st.just(n), st.just(n), st.integers(0, 60), st.none())),
                member=draw(st.sampled_from([1, 1, 2, 2, 3, 4, 5, 99, -5, None])),
                service=draw(st.sampled_from([1, 1, 1, 3, 3, 2, 9, None])),
                start=draw(st.integers(BEGIN // 10**6 - 900, END // 10**6 + 900)) * 10**6,
                quantity=draw(
                    st.one_of(
                        st.integers(1, 700), st.sampled_from([-3, 0, 90_000, None, 2_000_000_000, 30_000_000])
                    )
                ),
                peer_code=rating.peer_code(number) if number else None,
                peer=number,
                credit=draw(st.sampled_from([False, False, False, True, None])),
            )
        )
    return found


def admitted(found: list[rating.Record], folder: str) -> rating.Usage:
    half = len(found) // 2
    paths = []
    for n, part in enumerate([found[:half], found[half:]]):
        paths.append(Path(folder) / f"{n}.parquet")
        pq.write_table(table_of_records(part), paths[-1])
    return rating.admit(paths)


def stated(
    tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record], folder: str
) -> rating.Problem:
    """Return the problem, or let Hypothesis draw another tariff when this one is refused."""
    carried = {(m.id, a.name): 50 for m in people for a in tariff.allowances if a.rolls_over and m.id < 3}
    try:
        return rating.Problem(
            tariff,
            admitted(found, folder),
            rating.table_of(people),
            MONTH,
            rating.circles_of(people),
            carried,
        )
    except rating.TariffInvalid:
        assume(False)
        raise


def both(
    tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record], backend: Any
) -> tuple[rating.Bill, rating.Result]:
    with tempfile.TemporaryDirectory() as folder:
        problem = stated(tariff, people, found, folder)
        result = rating.rate(problem, backend=backend)
    return rating.Reference(tariff, people, MONTH, carried=dict(problem.carried)).bill(found), result


def line_charges(result: rating.Result) -> dict[tuple[int, int, str], int]:
    rows = result.lines().to_pylist()
    return {(r["customer"], r["member"], r["line"]): r["charge"] for r in rows if r["charge"]}


def rows(table: pa.Table) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in table.to_pylist()}
