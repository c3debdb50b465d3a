"""Every line of a bill written out as a sum that a person can check: fees, usage, adjustments, tax, and who pays."""

from __future__ import annotations

from collections.abc import Mapping

from jike.engines.rating.amounts import BASIS, Rounding, yuan
from jike.engines.rating.explaining import explain, per_text, price_text
from jike.engines.rating.members import early_fee, months_left, start_of
from jike.engines.rating.reference import Bill, Line, Reference
from jike.engines.rating.settlement import spend_discount
from jike.engines.rating.tariff import (
    EARLY,
    TAX,
    UNITS,
    Adjustment,
    Alters,
    Fee,
    Prorate,
    Scope,
    TierKind,
)


def explain_bill(reference: Reference, bill: Bill, *, customer: int, member: int = 0) -> dict[str, str]:
    """Return a sentence for each line of a member, or of the customer itself (member 0), in the order of the bill.

    Lines of zero that no usage made are left out. Each sentence ends in the line's charge.

    Examples
    --------
    >>> from datetime import date
    >>> from jike.engines.rating.loading import loads
    >>> from jike.engines.rating.members import Member, Month
    >>> plan = loads('''
    ... name: T
    ... fees:
    ...   - {name: rent, price: "310"}
    ... adjustments:
    ...   - {name: discount, kind: ratio, of: [rent], ratio: "0.9"}
    ... ''')
    >>> reference = Reference(plan, [Member(1, 7, date(2026, 3, 22))], Month(2026, 3), carried={})
    >>> for sentence in explain_bill(reference, reference.bill([]), customer=7, member=1).values():
    ...     print(sentence)
    rent: 310.00 × 10 of 31 days = 100.00 yuan, half up to the fen
    discount: 90% of 100.00 (rent), less 100.00 = -10.00 yuan, half up to the fen
    """
    scope = Scope.MEMBER if member else Scope.CUSTOMER
    lines = _lines(bill, customer, member)
    fees = {fee.name: fee for fee in bill.tariff.fees if fee.scope is scope}
    adjustments = {one.name: one for one in bill.tariff.adjustments if one.scope is scope}
    seen = lines if member else _sums(bill, customer) | lines
    found: dict[str, str] = {}
    for name in bill.tariff.line_names(scope):
        charge = lines.get(name, 0)
        if name in bill.tariff.item:
            sentence = _usage(reference, bill, member, name=name)
        elif not charge:
            continue
        elif name in fees:
            sentence = _fee(reference, fees[name], charge, member=member, customer=customer)
        elif name == EARLY:
            sentence = _early(reference, member, charge)
        else:
            sentence = _adjustment(bill, adjustments[name], charge, lines=seen)
        if sentence:
            found[name] = sentence
    return found | _taxes(bill, customer, member)


def _lines(bill: Bill, customer: int, member: int) -> dict[str, int]:
    return {name: charge for (c, m, name), charge in bill.lines.items() if (c, m) == (customer, member)}


def _sums(bill: Bill, customer: int) -> dict[str, int]:
    """Return the sums over the customer's members, which its own adjustments look at."""
    sums: dict[str, int] = {}
    for (c, m, name), charge in bill.lines.items():
        if c == customer and m:
            sums[name] = sums.get(name, 0) + charge
    return sums


def _usage(reference: Reference, bill: Bill, member: int, *, name: str) -> str:
    number = next(n for n, item in enumerate(bill.tariff.items) if item.name == name)
    line = bill.usage.get((member, number))
    if line is None:
        return ""
    if name not in bill.tariff.running:
        return _each_record(bill, member, number, line=line)
    key = member, number
    before, total = reference.before(bill).get(key, 0), reference.totals(bill)[key]
    return explain(bill.tariff, name, units=line.units, free=line.free, before=before, total=total)


def _each_record(bill: Bill, member: int, number: int, *, line: Line) -> str:
    item = bill.tariff.items[number]
    units: dict[int, int] = {}
    for one in bill.rated:
        if (one.record.member, one.item) == (member, number):
            price = item.rules[one.rule].price or 0
            units[price] = units.get(price, 0) + one.units
    parts = " + ".join(f"{count:,} × {price_text(price)}" for price, count in sorted(units.items()))
    quantity = f"{line.records:,} records, {line.units:,} {UNITS[item.service]}"
    return f"{item.name}: {quantity}; {parts}{per_text(item)} = {yuan(line.charge)} yuan, each record {item.rounding}"


def _fee(reference: Reference, fee: Fee, charge: int, *, member: int, customer: int) -> str:
    result = f" = {yuan(charge)} yuan"
    if fee.scope is Scope.CUSTOMER and fee.bands:
        return f"{fee.name}: {_bands(fee, len(reference.of_customer[customer]))}{result}"
    if fee.once:
        return f"{fee.name}: once, in the month of the start{result}"
    if fee.scope is Scope.MEMBER and fee.prorate is Prorate.DAYS:
        days = reference.served[member].days
        return (
            f"{fee.name}: {yuan(fee.price)} × {days} of {reference.month.days} days{result}, {fee.rounding}"
        )
    return f"{fee.name}: monthly{result}"


def _bands(fee: Fee, members: int) -> str:
    parts, reached = [], 0
    for band in fee.bands:
        if fee.band_kind is TierKind.VOLUME:
            if band.up_to is None or members <= band.up_to:
                return f"{members:,} members × {yuan(band.price)}"
            continue
        end = members if band.up_to is None else min(members, band.up_to)
        if end > reached:
            parts.append(f"{end - reached:,} × {yuan(band.price)}")
        reached = max(reached, end)
    return f"{members:,} members; {' + '.join(parts)}"


def _early(reference: Reference, member: int, charge: int) -> str:
    contract, one = reference.tariff.contract, reference.members[member]
    if contract is None or one.until is None:
        raise ValueError(f"member {member} leaves no contract")
    rest = months_left(start_of(one.ordered, reference.tariff.effect), one.until, contract.months)
    monthly = sum(fee.price for fee in reference.tariff.fees if fee.name in contract.of)
    if contract.fee_months is not None:
        how = f"{yuan(monthly)} × {min(contract.fee_months, rest)} months"
    else:
        how = f"{_percent(contract.ratio)} of {yuan(monthly)} × {rest} months"
    if early_fee(reference.tariff, contract, rest) != charge:
        raise ValueError(f"member {member}: {EARLY} of {charge} li is not what its contract says")
    return f"{EARLY}: {how} of {contract.months} remain ({rest}) = {yuan(charge)} yuan, {contract.rounding}"


def _adjustment(bill: Bill, one: Adjustment, charge: int, *, lines: Mapping[str, int]) -> str:
    names = bill.tariff.seen_by(one)
    amount = sum(lines.get(name, 0) for name in names)
    looked_at = f"{yuan(amount)} ({' + '.join(names)})"
    result = f" = {yuan(charge)} yuan"
    match one.kind:
        case Alters.RATIO:
            how = f"{_percent(one.ratio)} of {looked_at}, less {yuan(amount)}{result}, {one.rounding}"
        case Alters.SUM:
            how = f"{yuan(one.sum)} off, at most {looked_at}{result}"
        case Alters.FREE_MONTHS:
            how = f"months {one.free[0]} to {one.free[1]} are free of {looked_at}{result}"
        case Alters.MINIMUM:
            how = f"at least {yuan(one.sum)}, less {looked_at}{result}"
        case Alters.CAP:
            how = f"at most {yuan(one.sum)}, less {looked_at}{result}"
        case Alters.BUNDLE:
            how = f"together {yuan(one.sum)}, less {looked_at}{result}"
        case Alters.COMMITMENT:
            promised = f"{_percent(one.ratio)}, at least {yuan(one.sum)}"
            how = f"{promised}, less {looked_at}{result}, {one.rounding}"
        case _:
            how = f"{_steps(one, amount)} by {looked_at}{result}, {one.rounding}"
    return f"{one.name}: {how}"


def _steps(one: Adjustment, amount: int) -> str:
    exact = Rounding("li")
    if one.step_kind is TierKind.VOLUME:
        step = max((step for step in one.steps if amount >= step.start), key=lambda step: step.start)
        return f"{_percent(step.ratio)} from {yuan(step.start)} on"
    parts = [
        f"{_percent(step.ratio)} from {yuan(step.start)} on" for step in one.steps if amount > step.start
    ]
    off = spend_discount(one.steps, amount, one.step_kind, rounding=exact)
    return f"{', '.join(parts)} of what lies above ({yuan(off)})"


def _taxes(bill: Bill, customer: int, member: int) -> dict[str, str]:
    parts = [
        f"{_percent(rate)} {'in' if bill.tariff.tax.included else 'on'} {yuan(charged)} = {yuan(tax)}"
        for (c, m, rate), (charged, tax) in sorted(bill.taxes.items())
        if (c, m) == (customer, member) and rate
    ]
    return {TAX: f"{TAX}: {'; '.join(parts)} yuan, {bill.tariff.tax.rounding}"} if parts else {}


def _percent(ratio: int) -> str:
    whole, rest = divmod(ratio * 100, BASIS)
    return f"{whole}.{rest:02d}%" if rest else f"{whole}%"
