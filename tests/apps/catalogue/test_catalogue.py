"""Offerings and specifications: entered, priced, put on sale, retired; the ready-made catalogue."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.catalogue.actions import (
    add_offering,
    change_offering,
    change_state,
    describe_specification,
    install_ready_made,
    remove_offering,
    remove_specification,
)
from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.catalogue.queries import selling_problem
from jike.apps.catalogue.rules import (
    NEXT,
    Characteristic,
    Family,
    Mistake,
    OfferingState,
    characteristics_of,
    group_of,
    may_be_sold,
    may_follow,
    written,
)
from jike.apps.catalogue.rules.ready_made import OFFERINGS, SPECIFICATIONS
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.values.rights import Breadth
from tests.apps.catalogue.making import a_specification, an_offering
from tests.making import SYSTEM, a_unit, someone_with

DAY = dt.date(2026, 6, 1)
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.sampled_from(OfferingState), st.sampled_from(OfferingState))
def test_an_offering_never_becomes_a_draft_again(now: OfferingState, then: OfferingState) -> None:
    assert may_follow(now, then) == (then in NEXT[now])
    assert not may_follow(now, OfferingState.DRAFT)


@given(st.sampled_from(OfferingState), st.integers(-5, 5), st.integers(-5, 5))
def test_only_what_is_on_sale_on_the_day_is_sold(state: OfferingState, begins: int, ends: int) -> None:
    first, last = DAY + dt.timedelta(days=begins), DAY + dt.timedelta(days=ends)
    sold = may_be_sold(state, valid_from=first, valid_to=last, on=DAY)
    assert sold == (state is OfferingState.ACTIVE and begins <= 0 <= ends)


@given(
    st.lists(st.builds(Characteristic, st.just("code"), words, words, words, st.tuples(words)), max_size=1)
)
def test_characteristics_are_read_as_they_are_written(found: list[Characteristic]) -> None:
    assert characteristics_of(written(found).splitlines()) == tuple(found)


@pytest.mark.parametrize(
    ("line", "kind"),
    [("only one part", "parts"), ("Code | 名 | Name", "code"), ("a | 名 | N\na | 名 | N", "twice")],
)
def test_a_line_that_cannot_be_meant_is_named(line: str, kind: str) -> None:
    with pytest.raises(Mistake) as told:
        characteristics_of(line.splitlines())
    assert told.value.kind == kind


def test_the_ready_made_catalogue_covers_every_family_in_both_languages() -> None:
    families = {one.code: one.family for one in SPECIFICATIONS}
    assert len(OFFERINGS) == len({one.code for one in OFFERINGS}) == 40
    assert {families[one.specification] for one in OFFERINGS} == set(Family)
    assert all(one.name and one.name_en and len(one.counted) == 2 for one in OFFERINGS)
    assert all(0 <= one.cost <= one.floor <= one.monthly for one in OFFERINGS)
    assert {group_of(family) for family in Family}


@pytest.mark.django_db
def test_the_ready_made_catalogue_is_installed_once_and_leaves_what_is_there() -> None:
    assert install_ready_made(actor=SYSTEM) == 40
    changed = ProductOffering.objects.get(code="IL-0100")
    change_offering(changed, actor=SYSTEM, monthly_price=Decimal(2600))
    assert install_ready_made(actor=SYSTEM) == 0
    assert ProductOffering.objects.get(code="IL-0100").monthly_price == 2600
    assert set(ProductOffering.objects.values_list("state", flat=True)) == {"active"}
    assert ProductSpecification.objects.count() == len(SPECIFICATIONS)


@pytest.mark.django_db
def test_prices_that_contradict_are_refused_beside_their_fields() -> None:
    with pytest.raises(Invalid) as told:
        an_offering(monthly="100", floor="101")
    assert set(told.value.fields) == {"floor_price"}
    with pytest.raises(Invalid):
        an_offering(monthly="-1", floor="0")
    with pytest.raises(Invalid):
        an_offering(monthly="0", floor="0")


@pytest.mark.django_db
def test_an_offering_lives_from_draft_to_retired() -> None:
    offering = an_offering(state="draft")
    assert selling_problem(offering, on=DAY)
    with pytest.raises(RuleBroken):
        change_state(offering, actor=SYSTEM, state="retired")
    change_state(offering, actor=SYSTEM, state="active")
    assert not selling_problem(offering, on=DAY)
    with pytest.raises(RuleBroken):
        remove_offering(offering, actor=SYSTEM)
    change_state(offering, actor=SYSTEM, state="retired")
    assert selling_problem(offering, on=DAY)


@pytest.mark.django_db
def test_prices_need_the_right_to_set_them() -> None:
    kind = "catalogue.productoffering"
    _person, clerk = someone_with(dict.fromkeys((f"{kind}:view", f"{kind}:change"), Breadth.ALL), at=a_unit())
    offering = an_offering()
    change_offering(offering, actor=clerk, name_en="Another name")
    with pytest.raises(Refused):
        change_offering(offering, actor=clerk, monthly_price=Decimal(1))


@pytest.mark.django_db
def test_a_specification_that_is_sold_is_not_removed() -> None:
    specification = a_specification(family="cloud")
    describe_specification(specification, actor=SYSTEM, lines="cores | 核数 | Cores | 核 | 4, 8")
    assert specification.known_characteristics[0].values == ("4", "8")
    offering = add_offering(
        actor=SYSTEM,
        code="X1",
        name="云主机",
        name_en="Host",
        specification=specification,
        unit_name="台",
        monthly_price=Decimal(10),
    )
    assert offering.family == "cloud"
    with pytest.raises(RuleBroken):
        remove_specification(specification, actor=SYSTEM)
