"""A Resource whose names are not the model's stops the start with a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.foundation.resource import Contribution, Panel, Resource, Section, Verb, register
from jike.foundation.resource.registry import all_resources, panels_of, verbs_of


def nothing(*_row: Any, **_values: Any) -> None:
    """Stand where a function is wanted."""


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"columns": ("name", "grad")}, "grad"),
        ({"columns": ()}, "at least one column"),
        ({"more_columns": ("ownr__name",)}, "ownr__name"),
        ({"more_columns": ("owner__nam",)}, "owner__nam"),
        ({"more_columns": ("key_persons",)}, "key_persons"),
        ({"looks": {"grade": "grades"}}, "grades"),
        ({"looks": {"grad": "grade"}}, "grad"),
        ({"filters": ("kind",)}, "kind"),
        ({"sorts": ("-nam",)}, "nam"),
        ({"sorts": ()}, "at least one sort"),
        ({"form": (Section("Basics", ("nme",)),)}, "nme"),
        ({"inline": ("grade",)}, "grade"),
        ({"actions": {"ad": nothing}}, "'ad'"),
        ({"states": "status"}, "status"),
        ({"dates": "day"}, "day"),
        ({"key": ("kode",)}, "kode"),
        ({"totals": ("revenue",)}, "revenue"),
        ({"panels": (Verb("fly", "Fly", "plane", "x"),)}, "fly"),
    ],
)
def test_a_misspelt_name_stops_with_a_sentence(wrong: dict[str, Any], word: str):
    with pytest.raises(LookupError, match=word) as stopped:
        replace(CUSTOMERS, **wrong)
    assert "Resource 'customers'" in str(stopped.value)


@pytest.mark.parametrize(
    "betraying",
    [
        {"sorts": ("name_key", "phone")},
        {"dates": "birthday"},
        {"states": "wechat"},
        {"key": ("phone",)},
        {"more_columns": ("reports_to__phone",)},
        {"filters": ("reports_to__birthday",)},
    ],
)
def test_where_a_sealed_field_would_betray_its_values_it_stops_the_start(betraying: dict[str, Any]):
    with pytest.raises(LookupError, match="sealed"):
        replace(KEY_PERSONS, **betraying)


def test_several_mistakes_are_told_at_once():
    with pytest.raises(LookupError, match="nam.*grad"):
        Resource(model=Customer, slug="x", icon="building", columns=("nam",), sorts=("grad",))


def test_contributions_reach_the_resource_they_name():
    panel = Panel("quotes", "Quotes", "x.html", nothing)
    verb = Verb("change", "Quote", "plus", "x")
    before = tuple(all_resources().values())
    with pytest.raises(LookupError, match="customers.custmer"):
        register(before, [Contribution("customers.custmer", (panel,))])
    with pytest.raises(LookupError, match="two Resources"):
        register([CUSTOMERS, CUSTOMERS])
    assert tuple(all_resources().values()) == before, "a refused registration changes nothing"
    assert panel not in panels_of(CUSTOMERS)
    assert verb not in verbs_of(CUSTOMERS)


def test_a_resource_is_at_most_sixteen_attributes_wide():
    assert len(Resource.__dataclass_fields__) <= 16
