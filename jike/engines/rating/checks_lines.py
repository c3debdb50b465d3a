"""Checks of everything that is not usage: fees, adjustments, payments, sharing, contract and tax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jike.engines.rating.amounts import BASIS
from jike.engines.rating.checks_bands import bands
from jike.engines.rating.tariff import EARLY, TAX, Adjustment, Alters, Payment, Pays, Scope, Sharing, Tariff


def problems(tariff: Tariff) -> list[str]:
    """Return one sentence per problem."""
    found = [*_fees(tariff), *_cycles(tariff)]
    if not found:
        found = [*_adjustments(tariff), *_payments(tariff), *_contract(tariff), *_tax(tariff)]
    return found


def _fees(tariff: Tariff) -> Iterator[str]:
    for fee in tariff.fees:
        if fee.price < 0:
            yield f"fee {fee.name} is below zero"
        if fee.bands:
            yield from (f"fee {fee.name}: {problem}" for problem in bands(fee.bands))
            if fee.price:
                yield f"fee {fee.name} has both a price and bands"


def _cycles(tariff: Tariff) -> Iterator[str]:
    """Name adjustments that look at each other, along `of` and `includes`."""
    edges = {a.name: [*a.of, *a.includes] for a in tariff.adjustments}
    done: set[str] = set()
    for start in edges:
        path = _cycle_from(start, edges, done, path=())
        if path:
            yield f"adjustments form a cycle: {' → '.join(path)}"
            return


def _cycle_from(
    name: str, edges: dict[str, list[str]], done: set[str], *, path: tuple[str, ...]
) -> tuple[str, ...]:
    if name in path:
        return (*path[path.index(name) :], name)
    if name in done or name not in edges:
        return ()
    for following in edges[name]:
        found = _cycle_from(following, edges, done, path=(*path, name))
        if found:
            return found
    done.add(name)
    return ()


def _adjustments(tariff: Tariff) -> Iterator[str]:
    known = {scope: set(_before_adjustments(tariff, scope)) for scope in Scope}
    known[Scope.CUSTOMER] |= known[Scope.MEMBER]
    bundles: set[str] = set()
    order = [*tariff.adjustments]
    last_member = max((n for n, a in enumerate(order) if a.scope is Scope.MEMBER), default=-1)
    for number, one in enumerate(order):
        place = f"adjustment {one.name}"
        for name in [n for n in one.of if n not in known[one.scope]]:
            yield f"{place} names {name!r}, which is no earlier line of its scope"
        for name in [n for n in one.includes if n not in bundles]:
            yield f"{place} includes {name!r}, which is no earlier bundle"
        if one.scope is Scope.CUSTOMER and number < last_member:
            yield f"{place} is for the customer but stands before one for members"
        yield from (f"{place}: {problem}" for problem in _values(one))
        known[Scope.CUSTOMER].add(one.name)
        if one.scope is Scope.MEMBER:
            known[Scope.MEMBER].add(one.name)
        if one.kind is Alters.BUNDLE:
            bundles.add(one.name)


def _before_adjustments(tariff: Tariff, scope: Scope) -> list[str]:
    mine = {a.name for a in tariff.adjustments}
    return [name for name in tariff.line_names(scope) if name not in mine]


def _values(one: Adjustment) -> Iterator[str]:
    if not one.of and not one.includes:
        yield "it looks at no line"
    if not 0 <= one.ratio <= BASIS:
        yield f"the ratio {one.ratio / BASIS} is not between 0 and 1"
    if one.sum < 0:
        yield "the sum is below zero"
    if one.kind is Alters.FREE_MONTHS and not 1 <= one.free[0] <= one.free[1]:
        yield f"free months {one.free[0]} to {one.free[1]} are no months from 1 on"
    if one.kind is Alters.FREE_MONTHS and one.scope is Scope.CUSTOMER:
        yield "free months are counted for each member, so its scope must be member"
    if one.kind is Alters.SPEND:
        starts = [step.start for step in one.steps]
        if not starts or starts != sorted(set(starts)) or starts[0] < 0:
            yield "its steps must start at rising sums from zero"
        if any(not 0 <= step.ratio <= BASIS for step in one.steps):
            yield "a ratio is not between 0 and 1"


def _payments(tariff: Tariff) -> Iterator[str]:
    lines = {*tariff.line_names(Scope.MEMBER), *([] if tariff.tax.included else [TAX])}
    agreements: list[Payment | Sharing] = [*tariff.payments, *tariff.sharing]
    for part in agreements:
        for name in [n for n in part.of if n not in lines]:
            yield f"{part.name} names {name!r}, which is no line of a member"
        if not part.of:
            yield f"{part.name} names no line"
    for payment in tariff.payments:
        if payment.sum < 0 or not 0 <= payment.ratio <= BASIS:
            yield f"payment {payment.name}: the sum or ratio is below zero or above the whole"
        if payment.kind is Pays.FIXED and payment.sum == 0:
            yield f"payment {payment.name}: a fixed payment needs a sum"
    yield from _sharing(tariff)


def _sharing(tariff: Tariff) -> Iterator[str]:
    taken = {name for payment in tariff.payments for name in payment.of}
    for sharing in tariff.sharing:
        for name in sorted(set(sharing.of) & taken):
            yield f"sharing {sharing.name}: {name} is already paid or shared elsewhere"
        taken |= set(sharing.of)
        if sum(ratio for _, ratio in sharing.parts) != BASIS or any(r < 0 for _, r in sharing.parts):
            yield f"sharing {sharing.name}: the parts do not add up to 1"
        if len({payer for payer, _ in sharing.parts}) != len(sharing.parts):
            yield f"sharing {sharing.name} names a payer twice"


def _contract(tariff: Tariff) -> Iterator[str]:
    contract = tariff.contract
    if contract is None:
        return
    monthly = {f.name for f in tariff.fees if f.scope is Scope.MEMBER and not f.once}
    if not 1 <= contract.months <= 600:
        yield f"contract: {contract.months} months are not from 1 to 600"
    for name in [n for n in contract.of if n not in monthly]:
        yield f"contract names {name!r}, which is no monthly fee of a member"
    if (contract.fee_months is None) == (contract.ratio == 0):
        yield "contract needs either fee_months or a ratio for leaving early"
    if not 0 <= contract.ratio <= BASIS:
        yield "contract: the ratio is not between 0 and 1"


def _tax(tariff: Tariff) -> Iterator[str]:
    lines = {*tariff.line_names(Scope.MEMBER), *tariff.line_names(Scope.CUSTOMER)}
    named: set[str] = set()
    for name, rate in (("", tariff.tax.rate), *tariff.tax.rates):
        if not 0 <= rate < BASIS:
            yield f"tax rate {rate / BASIS} is not from 0 to below 1"
        if name and name not in lines:
            yield f"tax names {name!r}, which is no line"
        if name in named:
            yield f"tax names {name!r} twice"
        named.add(name)


def below_zero(tariff: Tariff) -> Iterator[str]:
    """Try each line alone, and all together, and name what the adjustments turn into less than nothing."""
    from jike.engines.rating.settlement import customer_lines, member_lines

    def result(charges: dict[str, int], customer: dict[str, int]) -> int:
        lines = member_lines(tariff, charges, months=1)
        total = {**lines, **customer}
        return sum(customer_lines(tariff, total).values())

    mine = _before_adjustments(tariff, Scope.MEMBER)
    theirs = _before_adjustments(tariff, Scope.CUSTOMER)
    trials: list[Iterable[str]] = [[name] for name in [*mine, *theirs]]
    for trial in [*trials, [*mine, *theirs]] if tariff.adjustments else []:
        for amount in (10_000, 100_000_000):
            left = result(
                {n: amount if n in trial else 0 for n in mine if n != EARLY}
                | ({EARLY: 0} if EARLY in mine else {}),
                {n: amount if n in trial else 0 for n in theirs},
            )
            if left < 0:
                yield f"the adjustments turn {', '.join(trial)} of {amount // 1000:,} yuan into less than nothing"
                return
