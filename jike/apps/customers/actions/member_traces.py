"""A person's telephone number is erased among the members of their customer, unless it is the company's line today."""

from django.db import transaction
from django.db.models import F, Func, Value

from jike.apps.customers.models import KeyPerson
from jike.apps.customers.queries.member_traces import member_traces
from jike.foundation.scope import Actor, require
from jike.values.blotting import BLOT

__all__ = ["erase_member_traces"]


@transaction.atomic
def erase_member_traces(person: KeyPerson, *, actor: Actor) -> int:
    """Erase the person's numbers in memberships that ended, in former states, snapshots and checks.

    A snapshot says as before how many there were. A line that belongs to the company today stays as it is: the
    contract is the company's, and the law has us know its lines.

    Returns
    -------
    int
        How many rows were erased or blotted.
    """
    require(actor, "forget", person)
    traces = member_traces(person)
    traces = member_traces(person, traces.numbers - traces.ours())
    count = traces.findings.update(number=BLOT)
    count += traces.formers.delete()[0]
    for number in sorted(traces.numbers):
        replaced = Func(F("numbers"), Value(number), Value(BLOT), function="array_replace")
        count += traces.frozen.filter(numbers__contains=[number]).update(numbers=replaced)
    return count + traces.members.delete()[0]
