"""The people of a customer: the tab with their list, the map of their influence, and the gaps in covering them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import queries
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.models.labels import ATTITUDES, DECISION_ROLES, GAPS, INFLUENCES
from jike.apps.customers.queries.careers import former_people
from jike.apps.customers.queries.coverage import gaps_of
from jike.apps.customers.rules import Attitude, DecisionRole, Gap, Influence, influence_layout
from jike.foundation.resource import Panel
from jike.foundation.scope import Actor, may

__all__ = ["COVERAGE", "PEOPLE"]

KIND = "customers.keyperson"
HALF_STEP, LEVEL, MARGIN, TOP = 64, 136, 72, 46
RADII = {Influence.HIGH: 30, Influence.MEDIUM: 24, Influence.LOW: 18}
SIGNS = {
    Attitude.SUPPORTER: "++",
    Attitude.FRIENDLY: "+",
    Attitude.NEUTRAL: "○",
    Attitude.RESERVED: "−",
    Attitude.OPPOSED: "✕",
    Attitude.UNKNOWN: "?",
}
"""What stands in a circle beside its colour, so that nobody needs to see colours."""
GRAVE = (Gap.NOBODY, Gap.NO_DECIDER, Gap.DECIDER_OPPOSED)
TITLE_SHOWN, MAPPED = 9, 80


class Spot(NamedTuple):
    """A person on the map, in pixels."""

    person: KeyPerson
    x: int
    y: int
    radius: int
    sign: str
    role: str
    """First letter of the role."""
    title: str
    words: str
    """All of it, read out."""


def people(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the key persons, the map of their influence, and what is missing."""
    if not actor.holds(f"{KIND}:view"):
        return None
    known = list(queries.key_persons_of(customer, actor))
    told = []
    for person in known:
        fields = {one.name: one for one in queries.personal_fields(person, actor)}
        phone = fields["phone"]
        told.append((person, phone, phone.masked and bool(phone.text) and queries.may_reveal(actor, person)))
    return {
        "people": told,
        "map": influence_map(known[:MAPPED]) if known else None,
        "gaps": _gaps(customer),
        "former": former_people(customer, actor),
        "may_add": actor.holds(f"{KIND}:add") and may(actor, "change", customer),
    }


def influence_map(known: Sequence[KeyPerson]) -> Mapping[str, Any]:
    """Return spots, lines and size of the map: superiors above, influence by size, attitude by colour and sign."""
    ordered = sorted(known, key=lambda one: (list(Influence).index(Influence(one.influence)), one.name_key))
    by_id = {one.pk: one for one in ordered}
    superior = {one.pk: one.reports_to_id for one in ordered if one.reports_to_id in by_id}
    places = influence_layout([one.pk for one in ordered], superior)
    spots = {number: _spot(by_id[number], *place) for number, place in places.items()}
    lines = [(_path(spots[boss], spots[number])) for number, boss in superior.items()]
    across = max(place.across for place in places.values())
    depth = max(place.level for place in places.values())
    return {
        "spots": list(spots.values()),
        "lines": lines,
        "width": across * HALF_STEP + 2 * MARGIN,
        "height": depth * LEVEL + TOP + 84,
        "signs": [(name, SIGNS[name], ATTITUDES[name]) for name in Attitude],
        "roles": [(str(label)[:1], label) for label in DECISION_ROLES.values()],
    }


def _spot(person: KeyPerson, across: int, level: int) -> Spot:
    role, attitude = DecisionRole(person.role), Attitude(person.attitude)
    words = (person.name, person.job_title, DECISION_ROLES[role], ATTITUDES[attitude])
    title = person.job_title
    return Spot(
        person=person,
        x=across * HALF_STEP + MARGIN,
        y=level * LEVEL + TOP,
        radius=RADII[Influence(person.influence)],
        sign=SIGNS[attitude],
        role=str(DECISION_ROLES[role])[:1],
        title=title if len(title) <= TITLE_SHOWN else f"{title[: TITLE_SHOWN - 1]}…",
        words=" · ".join(
            [*(str(word) for word in words if word), str(INFLUENCES[Influence(person.influence)])]
        ),
    )


def _path(boss: Spot, report: Spot) -> str:
    """Return the line from below the superior's title to the top of whoever reports to them."""
    begin, end = boss.y + boss.radius + 40, report.y - report.radius - 2
    middle = (begin + end) // 2
    return f"M{boss.x} {begin}V{middle}H{report.x}V{end}"


def _gaps(customer: Customer) -> list[tuple[str, str, str]]:
    """Return each gap with its tone and what closes it."""
    advice = {
        Gap.NOBODY: _("Add who decides and who handles."),
        Gap.NO_DECIDER: _("Find out who decides, or set somebody's part in decisions."),
        Gap.DECIDER_OPPOSED: _("Plan a visit with your head."),
        Gap.NOT_SPOKEN_TO: _("Plan a visit or call."),
        Gap.SOLE_CONTACT: _("Get to know a second person before the first one leaves."),
        Gap.NO_SUPPORTER: _("Win somebody over."),
    }
    found = gaps_of(customer, today=timezone.localdate())
    return [(str(GAPS[gap]), "bad" if gap in GRAVE else "warn", advice[gap]) for gap in found]


def count_people(customer: Customer, actor: Actor) -> int:
    """Return how many key persons the actor sees."""
    return queries.key_persons_of(customer, actor).count() if actor.holds(f"{KIND}:view") else 0


def coverage(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the gaps for the rail; nothing where there is none."""
    if not actor.holds(f"{KIND}:view"):
        return None
    found = _gaps(customer)
    return {"gaps": found} if found else None


PEOPLE = Panel("people", gettext_lazy("Key persons"), "customers/_people.html", people, "tab", count_people)
COVERAGE = Panel("coverage", gettext_lazy("Gaps in coverage"), "customers/_coverage.html", coverage, "rail")
