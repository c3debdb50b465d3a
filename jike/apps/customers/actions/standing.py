"""A customer's state and grade change: by rules, with reasons, each with a right of its own."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.proposals import overtake_proposals
from jike.apps.customers.models import Customer
from jike.apps.customers.models.labels import STATES
from jike.apps.customers.queries.explaining import what_is_missing
from jike.apps.customers.rules import NEEDS, NEXT, OWN_FIELDS, State, may_follow
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = ["change_state", "grade_customer"]


@transaction.atomic
def change_state(
    customer: Customer,
    *,
    actor: Actor,
    state: str,
    reason: str = "",
    since: dt.date | None = None,
    version: int | None = None,
    **known: str,
) -> Customer:
    """Let the customer enter ``state``, with whatever of that state's needs is given beside (`NEEDS`).

    ``since`` is the day on which it happened, today unless named.
    """
    then = _known_state(state)
    beside = set(NEEDS[then]) - {*OWN_FIELDS, "owner_id"}
    if unexpected := sorted(set(known) - beside):
        raise TypeError(f"{', '.join(unexpected)}: not asked for when a customer becomes {then}")
    with changing(customer, actor=actor, verb="change_state", version=version):
        _check_order(State(customer.state), then)
        for name, value in known.items():
            setattr(customer, name, value)
        _check_needs(customer, then, reason=reason, since=since)
        customer.state, customer.state_reason = then.value, reason
        customer.state_since = since or timezone.localdate()
    return customer


@transaction.atomic
def grade_customer(
    customer: Customer,
    *,
    actor: Actor,
    grade: str | None = None,
    service_level: str | None = None,
    credit: str | None = None,
    version: int | None = None,
) -> Customer:
    """Set the customer's grade, its service level, its credit; what somebody proposed for these is overtaken."""
    given = {"grade": grade, "service_level": service_level, "credit": credit}
    set_now = {name: value for name, value in given.items() if value and value != getattr(customer, name)}
    with changing(customer, actor=actor, verb="grade", version=version):
        for name, value in set_now.items():
            setattr(customer, name, value)
    if set_now:
        overtake_proposals(customer, actor=actor, aspects=set(set_now))
    return customer


def _known_state(state: str) -> State:
    try:
        return State(state)
    except ValueError as error:
        raise Invalid({"state": [_("Choose one of the states.")]}) from error


def _check_order(now: State, then: State) -> None:
    if may_follow(now, then):
        return
    possible = _(", ").join(str(STATES[state]) for state in State if state in NEXT[now])
    sentence = _("A customer in the state “%(now)s” cannot become “%(then)s”; possible are: %(possible)s.")
    raise RuleBroken(sentence % {"now": STATES[now], "then": STATES[then], "possible": possible})


def _check_needs(customer: Customer, then: State, *, reason: str, since: dt.date | None) -> None:

    given = {"state_reason": reason.strip(), "state_since": since}
    missing = [name for name in what_is_missing(customer, then) if not given.get(name)]
    problems = {_form_name(name): [_sentence(name, then)] for name in missing}
    if since is not None and since > timezone.localdate():
        problems["state_since"] = [_("This day lies ahead; say when it happened.")]
    if problems:
        raise Invalid(problems)


def _form_name(name: str) -> str:
    return name.removesuffix("_id")


def _sentence(name: str, then: State) -> str:
    words = {"state": STATES[then]}
    match name:
        case "owner_id":
            return _("Assign an account manager first: nobody becomes “%(state)s” without one.") % words
        case "certificate_number":
            return _("Enter the certificate first: nobody becomes “%(state)s” without one.") % words
        case "needs":
            return _("Say what the customer needs: potential means need and ability to buy.")
        case "ability":
            return _("Confirm that the customer is able to buy: potential means need and ability to buy.")
        case "state_since":
            return _("Say since when.")
        case _:
            return _("Say why the customer becomes “%(state)s”.") % words
