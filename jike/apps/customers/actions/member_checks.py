"""False members are searched among those that stand, set-wise, and decided in bulk: they belong, or they leave.

Finding nothing wrong with a file is the file's own check (`judging_members`); this one looks at what stands, at how it
came, and at what has changed around it since.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.members import PERMISSION, store_members
from jike.apps.customers.models import Customer, MemberBatch, MemberCheck, MemberFinding
from jike.apps.customers.rules import (
    PASSED_WITHIN_DAYS,
    RETURNED_WITHIN_DAYS,
    Decision,
    Line,
    State,
    Suspicion,
    leading_operator,
    operator_of,
)
from jike.foundation import background
from jike.foundation.audit.gate import may_write
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.jobs import Progress, job
from jike.foundation.scope import Actor, require_permission, visible
from jike.values.mobile_prefixes import Operator

__all__ = ["begin_member_check", "check_members", "decide_findings", "run_member_check"]

TOP = RawSQL("coalesce(customers_customer.ancestors[1], customers_customer.id)", ())
RANGES = """
SELECT left(held.number, 7), length(held.number), count(*)
FROM customers_member AS held JOIN check_able AS able ON able.id = held.customer_id
WHERE held.left_on IS NULL GROUP BY 1, 2"""
ENDED = [str(State.LOST), str(State.ARCHIVED)]
# In the words of `Suspicion`. What was decided to belong is not found again.
FIND = """
WITH held AS NOT MATERIALIZED (
    SELECT member.number, member.batch, member.customer_id, member.joined_on, able.state
    FROM customers_member AS member JOIN check_able AS able ON able.id = member.customer_id
    WHERE member.left_on IS NULL),
earlier AS (
    SELECT held.number, held.batch, held.customer_id, held.joined_on, member.customer_id AS before, member.left_on,
        held.joined_on - member.left_on AS days
    FROM customers_member AS member JOIN held ON held.number = member.number WHERE member.left_on IS NOT NULL),
short AS (
    SELECT member.number, member.batch, member.customer_id, member.short_number,
        count(*) OVER (PARTITION BY home.top, member.short_number) AS holders
    FROM customers_member AS member JOIN check_group AS home ON home.id = member.customer_id
    WHERE member.left_on IS NULL AND member.short_number <> '')
INSERT INTO customers_memberfinding (run_id, reason, number, batch, customer_id, told, decision)
SELECT %(run)s, found.reason, found.number, found.batch, found.customer_id, min(found.told), '' FROM (
    SELECT range.reason, number, batch, customer_id, range.told FROM held JOIN check_range AS range
        ON range.beginning = left(number, 7) AND range.length = length(number)
    UNION ALL SELECT 'state', number, batch, customer_id, state FROM held WHERE state = ANY(%(ended)s)
    UNION ALL SELECT 'overlap', number, batch, customer_id, left_on::text FROM earlier WHERE days < 0
    UNION ALL SELECT 'passed', number, batch, customer_id, left_on::text FROM earlier
        WHERE before <> customer_id AND days BETWEEN 0 AND %(passed)s
    UNION ALL SELECT 'returned', number, batch, customer_id, left_on::text FROM earlier
        WHERE before = customer_id AND days BETWEEN 0 AND %(returned)s
    UNION ALL SELECT 'short', number, batch, customer_id, short_number FROM short
        WHERE holders > 1 AND customer_id IN (SELECT id FROM check_able)
) AS found
WHERE NOT EXISTS (SELECT FROM customers_memberfinding AS kept WHERE kept.number = found.number
    AND kept.reason = found.reason AND kept.batch = found.batch AND kept.decision = 'keep')
GROUP BY found.reason, found.number, found.batch, found.customer_id"""
LEFT = """
UPDATE customers_memberfinding AS finding SET decision = %(decision)s, decided_by = %(person)s, decided_at = now()
FROM customers_member AS gone
WHERE finding.run_id = %(run)s AND finding.decision = '' AND gone.number = finding.number
    AND gone.batch = finding.batch AND gone.left_batch = %(batch)s"""


def begin_member_check(*, actor: Actor, customer: Customer | None = None) -> MemberCheck:
    """Begin to search the members of ``customer``, or of all customers that the actor may change."""
    may_write(actor)
    require_permission(actor, PERMISSION)
    if actor.uid is None:
        raise NotFound
    title = _("Check of members · %(whose)s") % {"whose": customer.name if customer else _("all of mine")}
    with transaction.atomic():
        check = MemberCheck.objects.create(person=actor.uid, customer=customer, day=timezone.localdate())
        task = background.begin(
            run_member_check, title=title[:200], order={"check": str(check.uid)}, actor=actor
        )
        check.task = task.uid
        check.save(update_fields=["task"])
    return check


@job("customers.check_members", label=gettext_lazy("Search for false members"))
def run_member_check(task: str, *, progress: Progress) -> None:
    """Search as the task says."""
    background.carry_out(task, _run, progress=progress)


def _run(attempt: Attempt) -> None:
    check = MemberCheck.objects.filter(uid=attempt.task.order["check"]).first()
    actor = actor_of(attempt.task.person)
    if check is None or actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    with transaction.atomic():
        check_members(check, actor=actor)
        words = {"members": f"{check.members:,}", "found": f"{sum(check.counts.values()):,}"}
        attempt.finish(_("%(members)s members looked at, %(found)s to be decided") % words)


@transaction.atomic
def check_members(check: MemberCheck, *, actor: Actor) -> None:
    """Search for what speaks against the check's members being true; what it found before is forgotten."""
    may_write(actor)
    require_permission(actor, PERMISSION)
    MemberFinding.objects.filter(run=check).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        _find_customers(cursor, check, actor)
        cursor.execute(RANGES)
        ranges = cursor.fetchall()
        check.members = sum(count for _beginning, _length, count in ranges)
        _keep_ranges(cursor, ranges)
        given: dict[str, Any] = {
            "run": check.pk,
            "ended": ENDED,
            "passed": PASSED_WITHIN_DAYS,
            "returned": RETURNED_WITHIN_DAYS,
        }
        cursor.execute(FIND, given)
        cursor.execute("DROP TABLE check_able, check_group, check_range")
    found = MemberFinding.objects.filter(run=check).values_list("reason").annotate(count=Count("pk"))
    check.counts, check.done_at = dict(found.order_by()), timezone.now()
    check.save(update_fields=["members", "counts", "done_at"])


def _find_customers(cursor: Any, check: MemberCheck, actor: Actor) -> None:
    """Keep whose members are looked at, and whose short numbers those must not have."""
    able = visible(Customer, actor, "change").order_by()
    group = visible(Customer, actor).order_by()
    if check.customer_id is not None:
        able = able.filter(pk=check.customer_id)
        top = RawSQL(
            "SELECT coalesce(ancestors[1], id) FROM customers_customer WHERE id = %s", (check.customer_id,)
        )
        group = group.annotate(top=TOP).filter(top=top)
    for name, rows in (("check_able", able), ("check_group", group)):
        text, values = rows.annotate(top=TOP).values("id", "top", "state").query.sql_with_params()
        cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {text}", values)
        cursor.execute(f"ANALYZE {name}")


def _keep_ranges(cursor: Any, ranges: Collection[tuple[str, int, int]]) -> None:
    """Keep the beginnings of numbers that nobody was given, and those of operators other than most members'."""
    operators: dict[Operator, int] = {}
    known = []
    for beginning, length, count in ranges:
        if beginning.startswith("0"):
            continue
        operator = operator_of(beginning.ljust(length, "0"))
        known.append((beginning, length, operator))
        if operator is not None:
            operators[operator] = operators.get(operator, 0) + count
    ours = leading_operator(operators)
    kept = [
        (beginning, length, str(Suspicion.FOREIGN if operator else Suspicion.PREFIX), str(operator or ""))
        for beginning, length, operator in known
        if operator != ours or operator is None
    ]
    cursor.execute(
        "CREATE TEMP TABLE check_range (beginning text, length integer, reason text, told text) ON COMMIT DROP"
    )
    columns = [list(column) for column in zip(*kept, strict=True)] or [[], [], [], []]
    cursor.execute(
        "INSERT INTO check_range SELECT * FROM unnest(%s::text[], %s::integer[], %s::text[], %s::text[])",
        columns,
    )
    cursor.execute("ANALYZE check_range")


@transaction.atomic
def decide_findings(
    check: MemberCheck,
    *,
    actor: Actor,
    decision: str,
    reason: str = "",
    chosen: Collection[int] | None = None,
    on: dt.date | None = None,
) -> int:
    """Decide that the members found belong, or that they leave ``on`` a day; all undecided ones, unless narrowed.

    Parameters
    ----------
    reason, chosen
        Only those found for this reason; only those with these ids.

    Returns
    -------
    int
        How many findings were decided. Members whose customer the actor may no longer change stay undecided.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    if decision not in set(Decision):
        raise Invalid({"decision": [_("Choose one of those offered.")]})
    found = MemberFinding.objects.filter(run=check, decision="")
    found = found.filter(reason=reason) if reason else found
    found = found if chosen is None else found.filter(pk__in=list(chosen))
    if decision == Decision.KEEP:
        able = visible(Customer, actor, "change").order_by()
        return found.filter(customer__in=able).update(
            decision=decision, decided_by=actor.uid, decided_at=timezone.now()
        )
    numbers = sorted(set(found.values_list("number", flat=True)))
    if not numbers:
        raise RuleBroken(_("Nothing is left to be decided here."))
    batch = MemberBatch.objects.create(
        person=check.person,
        kind=MemberBatch.Kind.LEAVE,
        file_name=_("Check of %(day)s") % {"day": check.day},
        day=on or timezone.localdate(),
    )
    lines = (
        Line(place, "", number, "", "", "", None, None, "") for place, number in enumerate(numbers, start=1)
    )
    store_members(batch, lines, actor=actor)
    given = {"decision": decision, "person": actor.uid, "run": check.pk, "batch": batch.uid}
    with connection.cursor() as cursor:
        cursor.execute(LEFT, given)
        return int(cursor.rowcount)
