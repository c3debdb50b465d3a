"""What quoting tells on a customer's timeline: quotes as they were submitted, agreements as they were signed."""

from collections.abc import Sequence

from django.db.models import DateTimeField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.quoting import queries
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.pages.figures import percent_words
from jike.foundation.happenings import Happening, Mark, Source, latest, names_below
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor

__all__ = ["CUSTOMER_QUOTING"]

TONES = {"accepted": "ok", "active": "ok", "refused": "bad", "rejected": "bad", "terminated": "bad"}


def quotes(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the quotes that were submitted, with what became of them."""
    if not actor.holds("quoting.quote:view"):
        return []
    asked, below = queries.quotes_of(customers, actor), names_below(customers)
    rows = latest(asked, "submitted_at", before=before, limit=limit)
    return [
        Happening(
            moment=one.submitted_at,
            id=one.pk,
            who=str(one.owner),
            act=_("offered"),
            title=str(one),
            link=reverse("resource:record", args=["quotes", one.uid]),
            status=one.get_state_display(),
            tone=TONES.get(one.state, ""),
            words=_("%(monthly)s ×10k yuan a month, discount %(discount)s")
            % {"monthly": in_wan(one.monthly_amount), "discount": percent_words(one.discount / 100)},
            of=below.get(one.customer_id, ""),
        )
        for one in rows
        if one.submitted_at
    ]


def agreements(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the agreements that were signed; a day stands at eight in the morning."""
    if not actor.holds("quoting.agreement:view"):
        return []
    asked, below = queries.agreements_of(customers, actor), names_below(customers)
    signed = asked.annotate(signed_at=Cast("signed_on", DateTimeField()))
    rows = latest(signed, "signed_at", before=before, limit=limit)
    return [
        Happening(
            moment=one.signed_at,  # type: ignore[attr-defined]
            id=one.pk,
            who=str(one.owner),
            act=_("signed the agreement"),
            title=str(one),
            link=reverse("resource:record", args=["agreements", one.uid]),
            status=one.get_state_display(),
            tone=TONES.get(one.state, ""),
            words=f"{one.starts_on} – {one.ends_on}",
            of=below.get(one.customer_id, ""),
        )
        for one in rows
    ]


CUSTOMER_QUOTING = (
    Source("quotes", _("Quotes"), "file-dollar", quotes, several=True, rows=(Quote, "customer")),
    Source(
        "agreements",
        _("Agreements"),
        "file-certificate",
        agreements,
        several=True,
        rows=(Agreement, "customer"),
    ),
)
