"""The unit tree against a model of it: whatever is added and moved, SQL and model agree on what lies below what."""

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Person, Unit
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import visible
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_person, a_post, a_role, acting

STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "move"]), st.integers(0, 30), st.integers(0, 30)), max_size=14
)
VIEW = "organisation.person:view"


def above(parents, unit):
    """Every unit above, nearest first."""
    chain = []
    while parents[unit] is not None:
        unit = parents[unit]
        chain.append(unit)
    return chain


def grow(steps):
    """Run the steps on tree and model alike; return the model: unit → parent."""
    parents = {actions.add_unit(actor=SYSTEM, code="ROOT", name="根", level="team", parent=None).pk: None}
    for number, (step, first, second) in enumerate(steps):
        known = list(parents)
        one, other = known[first % len(known)], known[second % len(known)]
        if step == "add":
            parent = Unit.objects.get(pk=one)
            unit = actions.add_unit(
                actor=SYSTEM, code=f"M{number}", name=f"单元{number}", level="team", parent=parent
            )
            parents[unit.pk] = one
            continue
        circle = one == other or one in above(parents, other)
        try:
            actions.move_unit(Unit.objects.get(pk=one), actor=SYSTEM, parent=Unit.objects.get(pk=other))
        except RuleBroken:
            assert circle
        else:
            assert not circle
            parents[one] = other
    return parents


@settings(max_examples=12)
@given(STEPS, st.integers(0, 30), st.sampled_from([Breadth.TEAM, Breadth.BELOW, Breadth.ALL]))
def test_the_tree_and_what_each_breadth_sees_agree_with_the_model(db, steps, place, breadth):
    with transaction.atomic():
        parents = grow(steps)
        for unit in Unit.objects.filter(pk__in=parents):
            assert unit.ancestors == list(reversed(above(parents, unit.pk)))
            below = {one for one in parents if one == unit.pk or unit.pk in above(parents, one)}
            assert set(queries.below(unit).values_list("pk", flat=True)) == below
        units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=parents)}
        people = {pk: a_person(unit).pk for pk, unit in units.items()}
        post = list(parents)[place % len(parents)]
        viewer = a_person(units[post])
        a_post(viewer, a_role({VIEW: breadth}))
        within = {
            Breadth.TEAM: {post},
            Breadth.BELOW: {one for one in parents if one == post or post in above(parents, one)},
            Breadth.ALL: set(parents),
        }[breadth]
        expected = {people[pk] for pk in within} | {viewer.pk}
        assert set(visible(Person, acting(viewer)).values_list("pk", flat=True)) == expected
        transaction.set_rollback(True)
