"""A warning answered by an opportunity to keep the customer."""

import pytest

from jike.apps.analytics.actions import dismiss_warning, install_rules, open_retention, raise_warnings
from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.pages.panels import open_warnings
from jike.apps.analytics.rules import GRANTS
from jike.apps.customers.rules import GRANTS as CUSTOMER_GRANTS
from jike.apps.sales.rules import GRANTS as SALES_GRANTS
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.scope import Actor
from tests.apps.analytics.making import a_served_customer, billed
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
ROLES = (CUSTOMER_GRANTS, SALES_GRANTS, GRANTS)


def holding(code: str) -> dict[str, object]:
    return {name: breadth for grants in ROLES for name, breadth in grants.get(code, {}).items()}


@pytest.fixture
def warned() -> tuple[EarlyWarning, Actor]:
    """A customer whose revenue fell by half, and its account manager."""
    unit = a_unit()
    person, actor = someone_with(holding("account_manager"), at=unit)
    billed((a_served_customer(unit=unit, owner=person), ["1000"] * 9 + ["500"] * 3, "0"))
    install_rules(actor=SYSTEM)
    raise_warnings(actor=SYSTEM)
    return EarlyWarning.objects.get(sign="revenue_fell"), actor


def test_a_warning_becomes_business_that_is_not_registered_and_counts_as_answered(
    warned: tuple[EarlyWarning, Actor],
) -> None:
    warning, actor = warned
    deal = open_retention(warning, actor=actor, name="保有", family="circuit")
    assert (deal.deal_kind, deal.customer, deal.owner) == ("retention", warning.customer, warning.owner)
    assert (deal.protected_until, warning.state) == (None, "answering")
    assert warning.answered_at is not None
    open_retention(warning, actor=actor, name="保有二期")
    assert warning.state == "answering"


def test_a_closed_warning_and_somebody_elses_lead_to_nothing(warned: tuple[EarlyWarning, Actor]) -> None:
    warning, actor = warned
    _person, stranger = someone_with(holding("account_manager"), at=a_unit())
    with pytest.raises(Refused):
        open_retention(warning, actor=stranger, name="保有")
    dismiss_warning(warning, actor=actor, remark="误报")
    with pytest.raises(RuleBroken):
        open_retention(warning, actor=actor, name="保有")


def test_a_customers_head_leads_to_the_warnings_that_wait(warned: tuple[EarlyWarning, Actor]) -> None:
    warning, actor = warned
    assert open_warnings(warning.customer, actor) == {"waiting": 1}
    _person, stranger = someone_with(holding("account_manager"), at=a_unit())
    assert open_warnings(warning.customer, stranger) is None
    dismiss_warning(warning, actor=actor, remark="误报")
    assert open_warnings(warning.customer, actor) is None
