"""The rules of quoting: authority, arithmetic, terms, and that every life keeps to its table."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.quoting.rules import (
    AGREEMENT_NEXT,
    APPROVAL_NEXT,
    AUTHORITY,
    QUOTE_NEXT,
    AgreementState,
    ApprovalState,
    Authority,
    Level,
    Line,
    Offer,
    QuoteState,
    Reason,
    agreement_may_follow,
    approval_may_follow,
    date_problems,
    discount_for,
    early_fee,
    end_of,
    is_expired,
    line_problems,
    may_follow,
    missing_documents,
    price_for,
    reminder_due,
    totals,
)

DAY = dt.date(2026, 1, 1)
money = st.decimals(0, 10_000_000, places=2)
ratios = st.decimals(0, 1, places=3)
lines = st.builds(
    Line, st.integers(1, 10_000), money, ratios, money, floor=st.decimals(0, 100_000, places=2), cost=money
)


@pytest.mark.parametrize(
    ("percent", "level"),
    [
        ("100", Level.MANAGER),
        ("90", Level.MANAGER),
        ("89.9", Level.COUNTY),
        ("80", Level.COUNTY),
        ("79.9", Level.CITY),
        ("70", Level.CITY),
        ("69.9", Level.PROVINCE),
        ("60", Level.PROVINCE),
        ("59.9", Level.HEADQUARTERS),
        ("0", Level.HEADQUARTERS),
    ],
)
def test_each_level_grants_its_share_of_discounts(percent: str, level: Level) -> None:
    verdict = AUTHORITY.verdict(Offer(Decimal(percent) / 100, False, Decimal(1000)))
    assert verdict.level is level


def test_floor_and_yearly_amount_go_to_headquarters_whatever_the_discount() -> None:
    assert AUTHORITY.verdict(Offer(Decimal(1), True, Decimal(0))) == (Level.HEADQUARTERS, (Reason.FLOOR,))
    assert AUTHORITY.verdict(Offer(Decimal(1), False, Decimal("5000000.01"))).reasons == (Reason.AMOUNT,)
    assert AUTHORITY.verdict(Offer(Decimal(1), False, Decimal(5_000_000))).level is Level.MANAGER


@given(ratios, st.booleans(), money)
def test_less_discount_never_needs_a_higher_level(ratio: Decimal, floor: bool, yearly: Decimal) -> None:
    level = AUTHORITY.verdict(Offer(ratio, floor, yearly)).level
    better = AUTHORITY.verdict(Offer(min(ratio + Decimal("0.05"), Decimal(1)), floor, yearly)).level
    assert better.rank <= level.rank


@given(
    st.sampled_from(Level),
    st.sets(st.sampled_from([one for one in Level if one is not Level.MANAGER])),
    st.sets(st.sampled_from(Level)),
)
def test_steps_climb_and_end_with_whoever_may_decide(
    needed: Level, there: set[Level], held: set[Level]
) -> None:
    steps = list(AUTHORITY.steps(needed, there=there, held=held))
    assert steps == sorted(steps, key=lambda one: one.rank)
    assert not set(steps) & held
    higher = [one for one in there if one.rank >= max([needed.rank, *(h.rank + 1 for h in held)])]
    if needed is Level.MANAGER:
        assert steps == []
    elif higher:
        assert steps[-1].rank >= needed.rank, "the last one may grant it"


def test_a_table_that_does_not_fall_is_refused() -> None:
    wrong = dict(AUTHORITY.least) | {Level.CITY: Decimal("0.85")}
    with pytest.raises(ValueError, match="fall"):
        Authority(wrong, Decimal(1))


@given(st.lists(lines, max_size=8))
def test_totals_are_those_of_the_lines_to_the_fen(found: list[Line]) -> None:
    sums = totals(found)
    assert sums.monthly == sum((price_for(x.list_price, x.discount) * x.quantity for x in found), Decimal(0))
    assert sums.one_off == sum((x.one_off * x.quantity for x in found), Decimal(0))
    assert 0 <= sums.lowest <= 1
    assert sums.below_floor == any(one.price < one.floor for one in found)
    assert sums.over(12) == sums.yearly + sums.one_off


@given(money.filter(bool), ratios)
def test_a_price_and_its_discount_lead_to_each_other(listed: Decimal, ratio: Decimal) -> None:
    price = price_for(listed, ratio)
    assert abs(price_for(listed, discount_for(listed, price)) - price) <= listed * Decimal("0.0001")


def test_what_a_line_must_not_be_is_named() -> None:
    line = Line(0, Decimal(100), Decimal("-0.1"), Decimal(-1))
    assert list(line_problems(line)) == [
        ("discount", "negative"),
        ("quantity", "quantity"),
        ("one_off_price", "negative"),
    ]
    assert list(line_problems(Line(1, Decimal(1), Decimal("1.01"), Decimal(0)))) == [("discount", "above")]


@given(st.lists(st.sampled_from(QuoteState), max_size=20))
def test_a_quote_never_leaves_its_table(wanted: list[QuoteState]) -> None:
    state = QuoteState.DRAFT
    for then in wanted:
        if may_follow(state, then):
            assert then in QUOTE_NEXT[state]
            state = then
    assert may_follow(QuoteState.DRAFT, QuoteState.ACCEPTED) is False
    assert not QUOTE_NEXT[QuoteState.ACCEPTED]


@given(st.sampled_from(ApprovalState), st.sampled_from(ApprovalState))
def test_an_answered_step_stays_answered(now: ApprovalState, then: ApprovalState) -> None:
    assert approval_may_follow(now, then) == (then in APPROVAL_NEXT[now])
    if now in (ApprovalState.APPROVED, ApprovalState.REFUSED, ApprovalState.VOID):
        assert not approval_may_follow(now, then)


@given(st.sampled_from(AgreementState), st.sampled_from(AgreementState))
def test_only_a_signed_agreement_ends(now: AgreementState, then: AgreementState) -> None:
    assert agreement_may_follow(now, then) == (then in AGREEMENT_NEXT[now])
    if now is AgreementState.DRAFT:
        assert agreement_may_follow(now, then) == (then is AgreementState.ACTIVE)


def test_a_quote_expires_after_its_last_day_and_only_unanswered() -> None:
    assert not is_expired(QuoteState.SENT, DAY, on=DAY)
    assert is_expired(QuoteState.SENT, DAY, on=DAY + dt.timedelta(days=1))
    assert not is_expired(QuoteState.ACCEPTED, DAY, on=DAY + dt.timedelta(days=1))


def test_ending_in_the_second_month_costs_the_third_and_thirty_percent_of_the_rest() -> None:
    ends = end_of(DAY, 12)
    fee = early_fee(Decimal(1000), starts_on=DAY, ends_on=ends, on=dt.date(2026, 2, 28))
    days = Decimal(12_000) / 365
    assert fee.least == (days * 31).quantize(Decimal("0.01"))
    assert fee.share == (days * 275 * Decimal("0.3")).quantize(Decimal("0.01"))


@given(money, st.sampled_from((12, 24, 36)), st.integers(-40, 1200))
def test_the_fee_falls_with_time_and_never_exceeds_what_is_left(
    monthly: Decimal, months: int, day: int
) -> None:
    ends = end_of(DAY, months)
    on = DAY + dt.timedelta(days=day)
    fee = early_fee(monthly, starts_on=DAY, ends_on=ends, on=on)
    later = early_fee(monthly, starts_on=DAY, ends_on=ends, on=on + dt.timedelta(days=30))
    assert 0 <= later.total <= fee.total <= monthly * months + 1
    if on >= ends:
        assert fee.total == 0


@pytest.mark.parametrize(
    ("signed", "starts", "ends", "kinds"),
    [
        (DAY, DAY, end_of(DAY, 12), []),
        (DAY, DAY, DAY - dt.timedelta(days=1), [("ends_on", "before")]),
        (DAY, DAY, end_of(DAY, 24), [("ends_on", "term")]),
        (DAY, DAY - dt.timedelta(days=1), end_of(DAY - dt.timedelta(days=1), 12), [("starts_on", "early")]),
        (DAY, dt.date(2027, 2, 1), end_of(dt.date(2027, 2, 1), 12), [("starts_on", "late")]),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 1), end_of(dt.date(2026, 3, 1), 12), [("signed_on", "ahead")]),
    ],
)
def test_dates_that_contradict_are_named(
    signed: dt.date, starts: dt.date, ends: dt.date, kinds: list[tuple[str, str]]
) -> None:
    today = dt.date(2026, 2, 1)
    assert (
        list(date_problems(signed_on=signed, starts_on=starts, ends_on=ends, months=12, today=today)) == kinds
    )


@given(st.integers(0, 400), st.sampled_from((None, 90, 60, 30)))
def test_each_reminder_is_due_once_and_the_nearest_counts(left: int, reminded: int | None) -> None:
    due = reminder_due(DAY + dt.timedelta(days=left), on=DAY, reminded=reminded)
    if due is not None:
        assert left <= due
        assert reminded is None or due < reminded
        assert reminder_due(DAY + dt.timedelta(days=left), on=DAY, reminded=due) is None
    elif reminded is None:
        assert left > 90


def test_signing_needs_the_documents_marked_so() -> None:
    assert len(missing_documents(set())) == 4
    assert missing_documents({"contract", "licence", "identity", "security"}) == ()
