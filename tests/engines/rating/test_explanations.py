"""Every charge explains itself: the sums that are written out come to what is on the bill."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given

from jike.engines import rating
from jike.engines.rating import tariff as t
from jike.engines.rating.loading import loads
from jike.engines.rating.usage import Service
from tests.engines.rating import portfolios as p
from tests.engines.rating.test_executions_agree import SETTINGS


def bill_of(
    tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> tuple[rating.Reference, rating.Bill]:
    reference = rating.Reference(tariff, people, p.MONTH, carried={})
    return reference, reference.bill(found)


def written(sentence: str) -> Decimal:
    """Work out the sum that a usage line's sentence writes between the semicolon and the result."""
    text = sentence.split(";", 1)[1].split(" = ", maxsplit=1)[0]
    per = re.search(r" per (\d+) \S+$", text)
    text = re.sub(r" per \d+ \S+$", "", text).replace(",", "")
    sums = [part.strip(" ()") for part in text.split(" − ")]
    values = [
        sum((Decimal(a) * Decimal(b) for a, b in re.findall(r"(-?\d+) × ([\d.]+)", one)), Decimal(0))
        for one in sums
    ]
    return (values[0] - sum(values[1:], Decimal(0))) / (Decimal(per[1]) if per else 1)


@SETTINGS
@given(p.tariffs(), p.members(), p.records())
def test_every_line_of_a_bill_has_a_sentence_with_its_charge(
    tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    reference, bill = bill_of(tariff, people, found)
    for customer, member in {(c, m) for c, m, _ in bill.lines}:
        sentences = rating.explain_bill(reference, bill, customer=customer, member=member)
        charges = {n: charge for (c, m, n), charge in bill.lines.items() if (c, m) == (customer, member)}
        assert set(charges) <= set(sentences)
        for name, charge in charges.items():
            amount = rating.yuan(charge)
            assert f"= {amount} yuan" in sentences[name] or name == t.TAX


@SETTINGS
@given(p.tariffs(), p.members(), p.records())
def test_the_sum_written_out_is_the_charge_but_for_its_rounding(
    tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    reference, bill = bill_of(tariff, people, found)
    for (member, number), line in bill.usage.items():
        item = tariff.items[number]
        customer = reference.members[member].customer
        sentence = rating.explain_bill(reference, bill, customer=customer, member=member)[item.name]
        roundings = 2 if item.name in tariff.running else line.records
        room = Decimal(item.rounding.li * roundings) / 1000
        assert abs(written(sentence) - Decimal(line.charge) / 1000) <= room


def test_shared_volume_tiers_are_explained_by_the_price_that_all_members_reach() -> None:
    plan = loads(
        """
        name: T
        items:
          - name: sms
            service: message
            tiers: {kind: volume, scope: customer, bands: [{up_to: 100, price: "0.1"}, {price: "0.05"}]}
        """
    )
    people = [rating.Member(number, 9, p.MONTH.first) for number in (1, 2)]
    start, _ = p.MONTH.bounds(plan.time_zone)
    found = [
        rating.Record(id=number, member=1 + number % 2, service=Service.MESSAGE, start=start, quantity=1)
        for number in range(1, 121)
    ]
    reference, bill = bill_of(plan, people, found)
    sentences = rating.explain_bill(reference, bill, customer=9, member=2)
    assert sentences["sms"] == (
        "sms: 60 message, of 120 of all members; 60 × 0.05 = 3.00 yuan, half up to the fen on the month"
    )
