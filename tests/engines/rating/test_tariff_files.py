"""A tariff file that does not say one thing clearly is refused, and every problem names its place."""

from __future__ import annotations

import pytest

from jike.engines import rating

CALLS = "items: [{name: calls, service: voice, price: '0.1'}]"


def refused(text: str) -> str:
    with pytest.raises(rating.TariffInvalid) as caught:
        rating.loads(f"name: T\n{text}")
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour: red", "tariff: unknown key 'colour'"),
        ("fees: [{name: a, prise: '1'}]", "tariff.fees[1]: unknown key 'prise'; price is meant?"),
        ("fees: [{name: a, price: 0.15}]", "tariff.fees[1].price: sum must be written as a quoted decimal"),
        ("fees: [{name: a, price: '0.0001'}]", "finer than 1/1,000"),
        ("fees: [{name: a, price: free}]", "sum must be a decimal number, not 'free'"),
        ("fees: [{name: a, price: 'NaN'}]", "not finite"),
        ("fees: [{name: a, price: '-1'}]", "fee a is below zero"),
        ("fees: [{name: a, price: '1'}, {name: a, price: '2'}]", "line 'a' is defined 2 times"),
        ("fees: [{name: a, price: '1', price: '2'}]", "key 'price' twice"),
        ("items: [{name: a, service: fax, price: '1'}]", "tariff.items[1].service: 'fax' is none of voice"),
        ("items: [{name: a, service: voice, unit: min, price: '1'}]", "voice is measured in s, not min"),
        ("items: [{name: a, service: voice, step: 0, price: '1'}]", "step must be from 1"),
        ("items: [{name: a, service: voice}]", "item a: rule 1 needs a price"),
        (
            CALLS + "\nallowances: [{name: f, of: [calls], quantity: 5, unit: KB}]",
            "tariff.allowances[1].unit: calls is measured in s, not KB",
        ),
        (CALLS + "\nallowances: [{name: f, of: [sms], quantity: 5}]", "names 'sms', which is no usage item"),
        (CALLS + "\nallowances: [{name: f, of: [calls], quantity: 0}]", "the quantity is not from 1"),
        (
            "items: [{name: a, service: data, price: '1', round: {to: cent}}]",
            "'cent' is none of li, fen, jiao, yuan",
        ),
        ("time_zone: Asia/Hangzhou", "time zone 'Asia/Hangzhou' is unknown"),
        ("tax: {rate: '1.5'}", "tax rate 1.5 is not from 0 to below 1"),
        ("holidays: [tomorrow]", "a list of dates"),
        (
            "fees: [{name: a, price: '1'}]\ncontract: {months: 12, of: [b], fee_months: 3}",
            "contract names 'b', which is no monthly fee",
        ),
        (
            "fees: [{name: a, price: '1'}]\nsharing: [{name: s, of: [a], parts: [{payer: A, ratio: '0.4'}]}]",
            "sharing s: the parts do not add up to 1",
        ),
        ("items: {a: 1}", "tariff.items: a list is expected"),
        ("items: [calls]", "tariff.items[1]: a mapping is expected"),
        ("fees: [", "not YAML"),
    ],
)
def test_a_mistake_is_named_by_its_place(text: str, sentence: str) -> None:
    assert sentence in refused(text)


def test_gaps_and_overlaps_of_tiers_are_named() -> None:
    tiers = "items: [{name: a, service: data, tiers: {kind: graduated, bands: %s}}]"
    assert "leave a gap above 10" in refused(tiers % "[{up_to: 10, price: '1'}]")
    assert "band 2 up to 5 overlaps the band up to 10" in refused(
        tiers % "[{up_to: 10, price: '1'}, {up_to: 5, price: '1'}, {price: '1'}]"
    )
    assert "bands 1 and 2 overlap" in refused(tiers % "[{price: '1'}, {price: '1'}]")
    assert "the price is below zero" in refused(tiers % "[{price: '-1'}]")


def test_gaps_and_overlaps_of_windows_are_named() -> None:
    def windows(first: str, second: str) -> str:
        return refused(f"windows: [{{name: day, spans: [{first}]}}, {{name: night, spans: [{second}]}}]")

    assert "gap on a workday from 20:00 to 21:00" in windows(
        "{from: '08:00', to: '20:00'}", "{from: '21:00', to: '08:00'}"
    )
    assert "day and night overlap on a weekend from 19:00 to 20:00" in windows(
        "{from: '08:00', to: '20:00'}", "{from: '19:00', to: '08:00'}"
    )
    assert "gap on a holiday from 00:00 to 24:00" in windows(
        "{days: [workday], from: '08:00', to: '20:00'}",
        "{days: [workday, weekend], from: '20:00', to: '08:00'}",
    )


def test_a_prefix_has_one_zone() -> None:
    zones = "zones: [{name: a, prefixes: ['0571']}, {name: b, prefixes: ['0571', '+86']}]"
    assert "prefix 0571 is in zones a and b" in refused(zones)
    assert "prefix '+86' is not 1 to 7 digits" in refused(zones)


def test_an_unreachable_rule_is_named() -> None:
    rules = "rules: [{price: '1'}, {parties: [group], price: '0'}]"
    assert "item a: rule 2 is unreachable" in refused(f"items: [{{name: a, service: voice, {rules}}}]")
    two = "items: [{name: a, service: voice, price: '1'}, {name: b, service: voice, price: '1'}]"
    assert "item b: rule 1 is unreachable" in refused(two)


def test_cycles_are_named_along_their_path() -> None:
    changes = "{name: %s, kind: ratio, ratio: '0.9', of: [%s]}"
    text = f"adjustments: [{changes % ('a', 'b')}, {changes % ('b', 'c')}, {changes % ('c', 'a')}]"
    assert "adjustments form a cycle: a → b → c → a" in refused(text)
    bundle = "{name: %s, kind: bundle, sum: '1', includes: [%s]}"
    assert "cycle: x → y → x" in refused(f"adjustments: [{bundle % ('x', 'y')}, {bundle % ('y', 'x')}]")


def test_an_adjustment_sees_earlier_lines_only() -> None:
    first, second = "{name: c, kind: sum, sum: '1', of: [b]}", "{name: b, kind: sum, sum: '1', of: [a]}"
    text = f"fees: [{{name: a, price: '1'}}]\nadjustments: [{first}, {second}]"
    assert "adjustment c names 'b', which is no earlier line" in refused(text)


def test_discounts_that_leave_less_than_nothing_are_named() -> None:
    twice = "{name: %s, kind: ratio, ratio: '0.3', of: [a]}"
    text = f"fees: [{{name: a, price: '100'}}]\nadjustments: [{twice % 'x'}, {twice % 'y'}]"
    assert "the adjustments turn a of 10 yuan into less than nothing" in refused(text)


def test_an_item_under_an_allowance_needs_one_price() -> None:
    rules = "rules: [{parties: [group], price: '1'}, {price: '2'}]"
    text = f"items: [{{name: a, service: voice, {rules}}}]\nallowances: [{{name: f, of: [a], quantity: 1}}]"
    assert "so all its rules need one price" in refused(text)
