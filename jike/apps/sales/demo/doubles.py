"""Leads that two account managers heard of: each entered what they knew, and the queue of doubles has both."""

from collections.abc import Callable

from jike.apps.sales.actions import add_lead
from jike.apps.sales.models import Lead
from jike.apps.sales.rules import LeadState
from jike.foundation.demo import Step
from jike.foundation.doubles import sweep_kind
from jike.foundation.scope import system_actor

__all__ = ["DOUBLES", "step"]

ACTOR = system_actor("演示数据")
DOUBLES = 6
FORMS = ("有限公司", "公司", "有限责任公司")


def step() -> Step:
    """Return the step that enters some leads a second time and looks for doubles."""
    return Step("lead_doubles", "重复录入的线索", DOUBLES, make_lead_doubles)


def make_lead_doubles(advance: Callable[[int], None]) -> None:
    """Enter some leads again, in another spelling; those who are there already are passed over."""
    owned = Lead.objects.filter(state=LeadState.FOLLOWING, removed_at=None, owner__isnull=False).order_by(
        "pk"
    )
    for number, lead in enumerate(owned[:DOUBLES]):
        name = written_again(lead.name, number)
        if not Lead.objects.filter(name=name).exists():
            heard = {"contact_name": lead.contact_name, "family": lead.family, "source": lead.source}
            add_lead(actor=ACTOR, name=name, unit=lead.unit, region=lead.region, **heard)
        advance(1)
    sweep_kind(Lead)


def written_again(name: str, number: int) -> str:
    """Write the name with another form, and every other time with its city in brackets."""
    form = next((one for one in FORMS if name.endswith(one)), "")
    plain, other = name.removesuffix(form), FORMS[(number + 1) % len(FORMS)]
    return f"{plain[2:]}（{plain[:2]}）{other}" if number % 2 else f"{plain}{other}"
