"""What follows in sales when customers change hands: open opportunities and planned visits of who gave them up."""

from django.utils.translation import gettext_lazy

from jike.apps.customers.actions import hand_on
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import OPEN, VisitState
from jike.foundation.jobs import job
from jike.foundation.scope import system_actor

__all__ = ["follow_hand_over"]

ACTOR = system_actor("hand-overs")


@job("sales.follow_hand_over", label=gettext_lazy("Hand opportunities and visits on with their customers"))
def follow_hand_over(hand_over: str) -> None:
    """Give what the former account manager worked on to the new one; what belongs to others stays theirs."""
    hand_on(Opportunity.objects.filter(stage__in=OPEN), hand_over, actor=ACTOR, verb="assign")
    hand_on(Visit.objects.filter(state=VisitState.PLANNED), hand_over, actor=ACTOR, verb="change")
