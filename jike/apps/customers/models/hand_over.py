"""`HandOver`: customers proposed to another account manager, who accepts or refuses them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.rules import HandOverState
from jike.apps.organisation.models import Person, Unit
from jike.foundation.entering import plain_text
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import choices, order, text

__all__ = ["HandOver", "HandOverItem"]


class HandOver(Record):
    """One proposal for one or many customers; until it is accepted nothing changes for them.

    It belongs to ``taker``, who answers; ``proposer`` sees it as a collaborator, the heads of ``unit`` as theirs.
    """

    SCOPE = {"own": "taker_id", "unit": "unit_id"}
    ACTIONS = {
        **STANDARD_ACTIONS,
        "answer": _("Accept or refuse"),
        "withdraw": _("Withdraw"),
    }
    VERBS = {
        "propose": _("Hand-over proposed"),
        "accept": _("Accepted"),
        "refuse": _("Refused"),
        "lapse": _("Lapsed"),
    }
    DERIVED = {name: Derived(name, plain_text) for name in ("reason", "remark")}
    SEARCH = Searchable(title="title", context=("taker__name", "giver__name"))

    title = models.CharField(_("customers"), max_length=200, editable=False)
    giver = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("handed over by"),
        related_name="given_over",
        null=True,
        blank=True,
        editable=False,
    )
    taker = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("taken over by"), related_name="taken_over", db_index=False
    )
    proposer = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("proposed by"),
        related_name="proposed_over",
        null=True,
        blank=True,
        editable=False,
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="hand_overs", editable=False
    )
    number = models.PositiveIntegerField(_("number of customers"), editable=False)
    reason = text(_("reason"), 500)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=choices(labels.HAND_OVER_STATES),
        default=HandOverState.WAITING.value,
        editable=False,
    )
    proposed_at = models.DateTimeField(_("proposed at"), editable=False)
    answered_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    remark = text(_("remark"), 500)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ("-proposed_at", "-id")
        indexes = (
            order("proposed_at", "hand_over_by_time"),
            models.Index(fields=("taker", "state"), name="hand_over_of_taker"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(giver=None) | ~models.Q(giver=models.F("taker")),
                name="hand_over_to_another",
                violation_error_message=_("Nobody hands over to themselves."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class HandOverItem(models.Model):
    """One customer of a hand-over, whose account manager ``giver`` was when it was proposed; None: nobody."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="hand_over_items")
    giver = models.BigIntegerField(null=True)
    waiting = models.BooleanField(default=True)
    kept = models.CharField(max_length=9, blank=True)
    """Why it did not go over although the rest did."""

    class Meta:
        verbose_name = _("customer of a hand-over")
        verbose_name_plural = _("customers of hand-overs")
        constraints = (
            models.UniqueConstraint(fields=("hand_over", "customer"), name="hand_over_item_once"),
            models.UniqueConstraint(
                fields=("customer",), condition=models.Q(waiting=True), name="hand_over_one_waiting"
            ),
        )
