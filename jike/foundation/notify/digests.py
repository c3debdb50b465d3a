"""The mail digest: twice a day, to each person who wants it, what they have not yet read in the application.

One job finds the people, one job for each of them writes and sends. A mail is marked as sent in the transaction that
waits for the mail server, so that a failed delivery is tried again and a delivered one is not.
"""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jike.foundation.directory import actor_of, people
from jike.foundation.jobs import defer, job
from jike.foundation.models import Notice, Subscription
from jike.foundation.notify.telling import Channel, shown, topics

__all__ = ["mail_digest", "mail_is_configured", "start_digests"]

NEWEST_DAYS = 7
LONGEST = 50


def mail_is_configured() -> bool:
    """Whether there is a mail server to send through (JIKE_MAIL_URL)."""
    return bool(settings.EMAIL_HOST)


@job("foundation.start_digests", label=_("Gather the mail digests"), cron="0 8,13 * * *")
def start_digests() -> None:
    """Defer one digest for each person who has something unread to be told by mail."""
    if not mail_is_configured():
        return
    waiting = to_be_mailed().order_by("person").values_list("person", flat=True).distinct()
    with transaction.atomic():
        for person in waiting:
            defer(mail_digest, person=str(person), key=f"digest:{person}")


@job("foundation.mail_digest", label=_("Send a mail digest"))
def mail_digest(person: str) -> None:
    """Send the person's digest; nothing to do when it was sent meanwhile or the person left."""
    uid = UUID(person)
    known, actor = people([uid]).get(uid), actor_of(uid)
    if known is None or actor is None or not known.email:
        return
    with transaction.atomic(), translation.override(known.language):
        notices = list(
            to_be_mailed().filter(person=uid).order_by("-pk").select_for_update(of=("self",))[:LONGEST]
        )
        if not notices:
            return
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=Now())
        subject = ngettext("%(count)s notice from Jike", "%(count)s notices from Jike", len(notices))
        context = {"person": known, "notices": shown(notices, actor), "origin": settings.CONFIG.origin}
        context["language"] = "en" if known.language == "en" else "zh-CN"
        body = render_to_string("foundation/mail/digest.txt", context).strip() + "\n"
        mail = EmailMultiAlternatives(subject % {"count": len(notices)}, body, to=[known.email])
        mail.attach_alternative(render_to_string("foundation/mail/digest.html", context), "text/html")
        mail.send()


def to_be_mailed() -> QuerySet[Notice]:
    """Return the unread notices of the last days whose person wants their topic by mail."""
    wants = Q()
    for topic in topics():
        chosen = Subscription.objects.filter(person=OuterRef("person"), topic=topic.name)
        if topic.channel == Channel.DIGEST:
            wants |= Q(topic=topic.name) & ~Q(Exists(chosen.exclude(channel=Channel.DIGEST)))
        else:
            wants |= Q(topic=topic.name) & Q(Exists(chosen.filter(channel=Channel.DIGEST)))
    since = timezone.now() - dt.timedelta(days=NEWEST_DAYS)
    rows = Notice.objects.filter(read_at=None, mailed_at=None, created_at__gte=since)
    return rows.filter(wants) if wants else rows.none()
