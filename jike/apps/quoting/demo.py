"""Demo quotes and agreements: what came of opportunities, from drafts to agreements that end, consistent in money.

Each won opportunity with lines had a quote that was accepted and an agreement on it; open ones in negotiation have a
quote that is drafted, waits for approval or was sent. Everything goes through the actions, at its day in the past.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

import noto_cjk_sans_otc
import typst
from django.db import transaction
from django.utils import timezone

from jike.apps.quoting.actions import (
    accept_quote,
    add_quote,
    agree_on_quote,
    announce_endings,
    approve_quote,
    end_agreements,
    mark_document,
    reject_quote,
    send_quote,
    sign_agreement,
    store_quote_lines,
    submit_quote,
)
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.queries import path_of
from jike.apps.quoting.rules import CHECKLIST, TERMS, discount_for
from jike.apps.sales.models import Opportunity, OpportunityLine
from jike.apps.sales.rules import Stage
from jike.foundation.demo import Step
from jike.foundation.directory import actor_of
from jike.foundation.files import attach
from jike.foundation.lines import LineEntry, Taken
from jike.foundation.scope import Actor, system_actor

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
SEED = 20260103
DAY = dt.timedelta(days=1)
WON, OPEN, LOST = 320, 60, 40
SCAN = Path(__file__).parent / "templates" / "quoting" / "demo_scan.typ"
TERMS_TEXT = "提前终止：收满 3 个月，其余月费收 30%。线路 60 天内交付，逾期按日减免月费。"


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo quotes and agreements; the larger scales are made by benchmarks."""
    if scale != "demo":
        return []
    return [
        Step("agreements", "报价与协议", WON, lambda advance: _make(Stage.WON, WON, advance)),
        Step("open", "在办报价", OPEN, lambda advance: _make(Stage.NEGOTIATION, OPEN, advance)),
        Step("lost", "未成交报价", LOST, lambda advance: _make(Stage.LOST, LOST, advance)),
        Step("endings", "协议到期", 1, _endings),
    ]


def _make(stage: Stage, limit: int, advance: Callable[[int], None]) -> None:
    """Make the quotes of opportunities in that stage that have none yet."""
    stages = (Stage.NEGOTIATION, Stage.SIGNING) if stage is Stage.NEGOTIATION else (stage,)
    deals = Opportunity.objects.filter(stage__in=stages, removed_at=None).exclude(quotes__isnull=False)
    having = deals.filter(lines__removed_at=None).distinct().order_by("id")
    actors: dict[UUID, Actor] = {}
    for deal in having.select_related("customer", "customer__unit", "owner", "unit")[:limit]:
        actor = actors.setdefault(deal.owner.uid, actor_of(deal.owner.uid) or ACTOR)
        with transaction.atomic():
            _one(deal, stage, actor=actor)
        advance(1)


def _one(deal: Opportunity, stage: Stage, *, actor: Actor) -> None:
    random = Random(f"{SEED}:{deal.code}")  # noqa: S311  invented data
    today = timezone.localdate()
    closed = deal.closed_on or today
    quoted = max(closed - dt.timedelta(days=random.randrange(12, 25)), deal.opened_on or closed - 25 * DAY)
    if stage is Stage.NEGOTIATION:
        quoted = today - dt.timedelta(days=random.randrange(1, 6))
    quote = add_quote(
        actor=ACTOR,
        customer=deal.customer,
        name=deal.name,
        owner=deal.owner,
        opportunity=deal,
        on=quoted,
        valid_until=quoted + 45 * DAY,
        term_months=random.choice(TERMS),
        terms=TERMS_TEXT,
    )
    lines = list(OpportunityLine.objects.filter(opportunity=deal, removed_at=None).order_by("position"))
    store_quote_lines(quote, Taken(list(_grid(lines, random))), actor=ACTOR, on=quoted)
    if stage is Stage.NEGOTIATION:
        _go_on(quote, random, actor=actor, on=quoted)
        return
    _approved(quote, on=quoted, actor=actor)
    send_quote(quote, actor=ACTOR, on=min(quoted + 3 * DAY, closed))
    if stage is Stage.LOST:
        reject_quote(quote, actor=ACTOR, on=closed, reason=random.choice(("价格高于友商", "预算推迟到明年")))
        return
    accept_quote(quote, actor=ACTOR, on=closed)
    _agree(quote, random, on=closed, actor=ACTOR)


def _grid(lines: Sequence[OpportunityLine], random: Random) -> Iterator[LineEntry]:
    for line in lines:
        listed = line.offering.monthly_price
        ratio = discount_for(listed, line.monthly_price) if listed else Decimal(1)
        percent = (min(max(ratio, Decimal("0.55")), Decimal(1)) * 100).quantize(Decimal("0.1"))
        if percent == 100 and random.random() < 0.6:
            percent = Decimal(random.choice((95, 92, 90, 88, 85, 82, 78, 75)))
        quantity = min(line.quantity, 1_000_000)
        yield LineEntry(None, {"offering": line.offering, "quantity": quantity, "discount": percent})


def _approved(quote: Quote, *, on: dt.date, actor: Actor) -> None:
    """Submit and let every level agree within two days."""
    moment = timezone.make_aware(dt.datetime.combine(on, dt.time(10, 0)))
    submit_quote(quote, actor=actor, at=moment)
    hours = 2
    while asked := [one for one in path_of(quote) if one.state == "asked"]:
        approve_quote(asked[0], actor=ACTOR, at=moment + dt.timedelta(hours=hours), remark="同意")
        hours += 3
    quote.refresh_from_db()


def _go_on(quote: Quote, random: Random, *, actor: Actor, on: dt.date) -> None:
    """Leave a quote of these days where such quotes are: drafted, waiting, agreed to by the county, or sent."""
    place = random.random()
    if place < 0.25:
        return
    moment = timezone.now() - dt.timedelta(hours=random.randrange(1, 20))
    submit_quote(quote, actor=actor, at=moment)
    asked = [one for one in path_of(quote) if one.state == "asked"]
    if asked and place > 0.55 and len(path_of(quote)) > 1:
        approve_quote(asked[0], actor=ACTOR, at=moment + dt.timedelta(minutes=30), remark="同意")
    elif place > 0.8 and asked:
        _rest(quote, moment)
    quote.refresh_from_db()
    if quote.state == "approved":
        send_quote(quote, actor=ACTOR, on=timezone.localdate())


def _rest(quote: Quote, moment: dt.datetime) -> None:
    while asked := [one for one in path_of(quote) if one.state == "asked"]:
        approve_quote(asked[0], actor=ACTOR, at=moment + dt.timedelta(minutes=45), remark="同意")


def _agree(quote: Quote, random: Random, *, on: dt.date, actor: Actor) -> Agreement:
    """Sign the agreement on the day of the acceptance or soon after, with all documents."""
    today = timezone.localdate()
    signed = min(on + dt.timedelta(days=random.randrange(0, 6)), today)
    first = (signed.replace(day=1) + 32 * DAY).replace(day=1)
    agreement = agree_on_quote(quote, actor=actor, starts_on=first, on=signed)
    scan = attach(agreement, name="签约资料.pdf", chunks=[_scan()], actor=actor)
    for document, needed in CHECKLIST.items():
        if needed:
            mark_document(agreement, actor=actor, document=document, there=True, file=scan.uid)
    return sign_agreement(agreement, actor=actor, on=signed, signatory="法定代表人")


@cache
def _scan() -> bytes:
    """Return the one file that shows the documents of every demo agreement, and says so."""
    fonts = Path(noto_cjk_sans_otc.__file__).parent
    made = typst.compile(SCAN, font_paths=[fonts], ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one document")
    return made


def _endings(advance: Callable[[int], None]) -> None:
    today = timezone.localdate()
    end_agreements(on=today, actor=ACTOR)
    announce_endings(on=today, actor=ACTOR)
    advance(1)
