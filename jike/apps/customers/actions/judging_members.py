"""How the lines of a file of members are judged, set-wise, in tables that live as long as the transaction.

`member_incoming` holds the file, `member_able` the customers it may mean, `member_short` who holds which of its short
numbers within which group, and `member_judged` each line with the customer meant, who holds the number, and why it is
refused ("" when it is not), in the words of `Refusal`.
"""

from typing import Any

from django.db.models.expressions import RawSQL

from jike.apps.customers.models import Customer, Member, MemberBatch
from jike.foundation.scope import Actor, visible

__all__ = ["COPY_IN", "INCOMING", "TABLES", "judge"]

Kind = MemberBatch.Kind
TABLES = "member_incoming, member_able, member_short, member_judged"
INCOMING = """
CREATE TEMP TABLE member_incoming (line integer, code text, number text, short_number text, department text,
    bundle text, bundle_start date, bundle_end date, wrong text) ON COMMIT DROP"""
COPY_IN = "COPY member_incoming FROM STDIN"
TOP = RawSQL("coalesce(customers_customer.ancestors[1], customers_customer.id)", ())
# A short number is one member's within the whole group, whoever of it the file means.
SHORT = """
CREATE TEMP TABLE member_short ON COMMIT DROP AS
SELECT coalesce(home.ancestors[1], home.id) AS top, held.short_number, min(held.number) AS number
FROM customers_customer AS home JOIN customers_member AS held ON held.customer_id = home.id AND held.left_on IS NULL
WHERE (home.id = ANY(%(tops)s) OR home.ancestors && %(tops)s::bigint[])
    AND held.short_number IN (SELECT short_number FROM member_incoming WHERE short_number <> '')
GROUP BY 1, 2"""
TOPS = """
SELECT coalesce(array_agg(DISTINCT top), '{}') FROM member_able
WHERE EXISTS (SELECT FROM member_incoming WHERE short_number <> '')"""
JUDGED = """
CREATE TEMP TABLE member_judged ON COMMIT DROP AS
SELECT told.*, CASE
    WHEN wrong <> '' THEN wrong
    {cases}
    ELSE '' END AS refusal
FROM (
    SELECT incoming.*, able.id AS customer_id, held.customer_id AS holder, held.batch AS held_batch,
        row_number() OVER (PARTITION BY incoming.number, incoming.wrong <> '' ORDER BY line) AS turn,
        row_number() OVER (PARTITION BY home.top, incoming.short_number, incoming.wrong <> '' ORDER BY line)
            AS short_turn,
        short.number AS short_holder
    FROM member_incoming AS incoming
    LEFT JOIN member_able AS able ON able.code = incoming.code
    LEFT JOIN customers_member AS held ON held.number = incoming.number AND held.left_on IS NULL
    LEFT JOIN member_able AS home ON home.id = coalesce(able.id, held.customer_id)
    LEFT JOIN member_short AS short ON short.top = home.top AND short.short_number = incoming.short_number
) AS told"""
SHORT_CASE = """
    WHEN short_number <> '' AND (short_turn > 1 OR short_holder <> number) THEN 'short'"""
STANDING_CASES = """
    WHEN holder IS NULL THEN 'absent'
    WHEN turn > 1 THEN 'twice'
    WHEN code <> '' AND holder IS DISTINCT FROM customer_id THEN 'elsewhere'
    WHEN holder NOT IN (SELECT id FROM member_able) THEN 'customer'"""
CASES = {
    Kind.JOIN: f"""
    WHEN customer_id IS NULL THEN 'customer'
    WHEN turn > 1 THEN 'twice'
    WHEN holder = customer_id THEN 'here'
    WHEN holder IS NOT NULL THEN 'elsewhere'{SHORT_CASE}""",
    Kind.LEAVE: STANDING_CASES,
    Kind.CHANGE: f"{STANDING_CASES}{SHORT_CASE}",
}


def judge(cursor: Any, kind: str, *, actor: Actor) -> None:
    """Judge what `member_incoming` holds: find the customers meant and whose the numbers are."""
    cursor.execute("ANALYZE member_incoming")
    _find_customers(cursor, kind, actor)
    cursor.execute(TOPS)
    tops = cursor.fetchone()[0] if kind != Kind.LEAVE else []
    cursor.execute(SHORT, {"tops": tops})
    cursor.execute(JUDGED.format(cases=CASES[Kind(kind)]))


def _find_customers(cursor: Any, kind: str, actor: Actor) -> None:
    """Keep the customers that the file means and the actor may change, each with the top of its group."""
    able = visible(Customer, actor, "change").order_by()
    if kind == Kind.JOIN:
        able = able.filter(code__in=RawSQL("SELECT DISTINCT code FROM member_incoming", ()))
    else:
        held = Member.objects.filter(
            left_on=None, number__in=RawSQL("SELECT number FROM member_incoming", ())
        )
        able = able.filter(pk__in=held.values("customer"))
    text, values = able.annotate(top=TOP).values("id", "code", "top").query.sql_with_params()
    cursor.execute(f"CREATE TEMP TABLE member_able ON COMMIT DROP AS {text}", values)
    cursor.execute("ANALYZE member_able")
