"""Random people do random things to opportunities, quotes and agreements: nothing ends where it may not be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jike.apps.quoting.actions import (
    accept_quote,
    agree_on_quote,
    approve_quote,
    change_quote,
    file_document,
    mark_document,
    quote_opportunity,
    refuse_quote,
    reject_quote,
    remove_quote,
    renew_agreement,
    revise_quote,
    send_quote,
    sign_agreement,
    store_quote_lines,
    submit_quote,
    terminate_agreement,
    withdraw_quote,
)
from jike.apps.quoting.models import Agreement, Quote, QuoteApproval
from jike.apps.quoting.pages.states import change_agreement_state, change_quote_state
from jike.apps.quoting.queries import lines_of, lines_of_agreement, papers_of, path_of
from jike.apps.quoting.rules import (
    AGREEMENT_NEXT,
    QUOTE_NEXT,
    AgreementState,
    Document,
    Level,
    QuoteState,
)
from jike.apps.sales.actions import (
    LineGiven,
    assign_opportunity,
    change_opportunity,
    change_stage,
    register,
    set_lines,
)
from jike.apps.sales.models import Opportunity
from jike.apps.sales.queries import lines_of as products_of
from jike.apps.sales.rules import GRANTS as SALES_GRANTS
from jike.apps.sales.rules import NEXT, Stage
from jike.foundation.errors import JikeError, NotFound
from jike.foundation.scope import Actor
from tests.apps.quoting.making import World, a_quote, a_world, lines_for, role, waiting, with_documents
from tests.apps.sales.making import GIVEN, an_opportunity
from tests.making import SYSTEM, a_post, a_role, a_unit, acting, someone_with

pytestmark = pytest.mark.django_db
LEVELS = {
    "county": Level.COUNTY,
    "city": Level.CITY,
    "province": Level.PROVINCE,
    "headquarters": Level.HEADQUARTERS,
}
NOBODY_HERE = ("stranger", "analyst")
WHO = st.sampled_from(("manager", "manager", "manager", *LEVELS, *NOBODY_HERE))
PERCENTS = ("100", "95", "85", "75", "65", "40", "120", "-5")


@dataclass(frozen=True)
class Doing:
    """Who does it to which row, with which choice among what can be chosen."""

    world: World
    actor: Actor
    row: Any
    choice: int

    def one_of(self, some: Any) -> Any:
        return tuple(some)[self.choice % len(tuple(some))]


def advance(it: Doing) -> Any:
    then = it.one_of(Stage)
    return change_stage(it.row, actor=it.actor, stage=then, **GIVEN[then])


def product(it: Doing) -> Any:
    line = LineGiven(it.world.offering, 1 + it.choice % 3, Decimal(it.choice % 1100))
    return set_lines(it.row, actor=it.actor, lines=[line] * (it.choice % 3))


def grid(it: Doing) -> Any:
    lines = lines_for((it.world.offering, it.choice % 4, it.one_of(PERCENTS)))
    return store_quote_lines(it.row, lines, actor=it.actor)


def answer(act: Callable[..., Any]) -> Callable[[Doing], Any]:
    return lambda it: act(waiting_or_last(it.row), actor=it.actor, remark="看过")


def waiting_or_last(quote: Quote) -> QuoteApproval:
    path = path_of(quote)
    if not path:
        raise NotFound
    return next((one for one in path if one.state == "asked"), path[-1])


def papers(it: Doing) -> Any:
    if it.choice % 2:
        name = it.one_of(Document)
        return mark_document(it.row, actor=it.actor, document=name, there=bool(it.choice % 3))
    return file_document(
        it.row, actor=it.actor, document=it.one_of(Document), name="scan.pdf", chunks=[b"%PDF-1.4"]
    )


DEALS: Mapping[str, Callable[[Doing], Any]] = {
    "advance": advance,
    "products": product,
    "amount": lambda it: change_opportunity(it.row, actor=it.actor, monthly_amount=Decimal(it.choice)),
    "register": lambda it: register(it.row, actor=it.actor),
    "assign": lambda it: assign_opportunity(it.row, actor=it.actor, owner=it.world.people["county"]),
    "quote": lambda it: quote_opportunity(it.row, actor=it.actor),
}
QUOTES: Mapping[str, Callable[[Doing], Any]] = {
    "grid": grid,
    "rename": lambda it: change_quote(it.row, actor=it.actor, name=f"改 {it.choice}"),
    "submit": lambda it: submit_quote(it.row, actor=it.actor),
    "withdraw": lambda it: withdraw_quote(it.row, actor=it.actor),
    "approve": answer(approve_quote),
    "refuse": answer(refuse_quote),
    "send": lambda it: send_quote(it.row, actor=it.actor),
    "accept": lambda it: accept_quote(it.row, actor=it.actor),
    "reject": lambda it: reject_quote(it.row, actor=it.actor, reason="价格"),
    "revise": lambda it: revise_quote(it.row, actor=it.actor),
    "remove": lambda it: remove_quote(it.row, actor=it.actor),
    "card": lambda it: change_quote_state(it.row, actor=it.actor, state=it.one_of(QuoteState), reason="价格"),
    "agree": lambda it: agree_on_quote(it.row, actor=it.actor),
}
AGREEMENTS: Mapping[str, Callable[[Doing], Any]] = {
    "papers": papers,
    "sign": lambda it: sign_agreement(it.row, actor=it.actor),
    "renew": lambda it: renew_agreement(it.row, actor=it.actor),
    "terminate": lambda it: terminate_agreement(it.row, actor=it.actor, reason="搬迁"),
    "card": lambda it: change_agreement_state(
        it.row, actor=it.actor, state=it.one_of(AgreementState), end_reason="搬迁"
    ),
}
ACTS: Mapping[str, tuple[type[Any], Callable[[Doing], Any]]] = {
    f"{name} {model.__name__}": (model, act)
    for model, acts in ((Opportunity, DEALS), (Quote, QUOTES), (Agreement, AGREEMENTS))
    for name, act in acts.items()
}
Stood = Mapping[Any, tuple[str, int]]
"""Row → its state and version."""
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), WHO, st.integers(0, 1200)), min_size=8, max_size=24)


@pytest.fixture
def world() -> World:
    """Opportunities, quotes and agreements in many states, and people of whom two have no business with them."""
    made = a_world()
    for name in ("manager", *LEVELS):
        code = {"manager": "account_manager", "headquarters": "headquarters_staff"}.get(name, f"{name}_head")
        a_post(made.people[name], a_role(SALES_GRANTS[code]), at=made.people[name].unit)
        made.actors[name] = acting(made.people[name])
    elsewhere = a_unit(under=made.units["province"], level="county")
    selling = {**role("account_manager"), **SALES_GRANTS["account_manager"]}
    made.actors["stranger"] = someone_with(selling, at=elsewhere)[1]
    reading = {**role("analyst"), **SALES_GRANTS["analyst"]}
    made.actors["analyst"] = someone_with(reading, at=made.units["province"])[1]
    for stage in Stage:
        an_opportunity(made.customer, stage=stage, owner=made.people["manager"])
    manager = made.actors["manager"]
    for percent in ("95", "85", "65"):
        a_quote(made, percent)
        submit_quote(a_quote(made, percent), actor=manager)
    accepted = [accept_quote(a_sent_one(made), actor=manager) for _ in range(2)]
    a_sent_one(made)
    drafted = [agree_on_quote(one, actor=manager) for one in accepted]
    sign_agreement(with_documents(drafted[0]), actor=SYSTEM)
    with_documents(drafted[1])
    return made


def a_sent_one(world: World) -> Quote:
    manager = world.actors["manager"]
    return send_quote(submit_quote(a_quote(world, "92"), actor=manager), actor=manager)


def test_whatever_people_try_the_loop_stays_consistent(world: World) -> None:
    # Within, so that hypothesis prints the steps of a failure and not the world. Shrinking would take minutes of rows.
    @settings(max_examples=10, phases=(Phase.explicit, Phase.generate))
    @given(steps=STEPS)
    def tried(steps: list[tuple[str, str, int]]) -> None:
        with transaction.atomic():
            for act, who, choice in steps:
                attempt(world, act, who, choice=choice)
            consistent({})
            transaction.set_rollback(True)

    tried()


def attempt(world: World, act: str, who: str, *, choice: int) -> None:
    """Let somebody do something to some row, and look at everything afterwards."""
    (model, do), name = ACTS[act], act.split(maxsplit=1)[0]
    rows = list(model.objects.filter(removed_at=None).order_by("pk"))
    row = rows[choice % len(rows)]
    before, step = stood(), asked(row)
    try:
        do(Doing(world, world.actors[who], row, choice))
    except JikeError:
        assert stood() == before, f"{name} by {who} was refused and left a trace"
    else:
        entitled(name, who, step=step)
    consistent(before)


def asked(row: Any) -> QuoteApproval | None:
    """Return the step that waits, where the row is a quote in approval."""
    return waiting(row) if isinstance(row, Quote) and row.state == QuoteState.APPROVING else None


def stood() -> dict[Any, tuple[str, int]]:
    """Return how every row stands: its state and version."""
    deals = {("deal", one.pk): (one.stage, one.version) for one in Opportunity.objects.all()}
    quotes = {("quote", one.pk): (one.state, one.version) for one in Quote.objects.all()}
    return (
        deals | quotes | {("agreement", one.pk): (one.state, one.version) for one in Agreement.objects.all()}
    )


def entitled(name: str, who: str, *, step: QuoteApproval | None) -> None:
    """Whoever succeeded was allowed to: strangers and readers never, headquarters only in answering."""
    assert who not in NOBODY_HERE, f"{who} did {name}"
    assert who != "headquarters" or name in ("approve", "refuse"), name
    assert name not in ("terminate", "assign") or who != "manager"
    if name in ("approve", "refuse"):
        assert step is not None
        assert who in LEVELS, "nobody approves their own"
        assert LEVELS[who].rank >= Level(step.level).rank, f"{who} answered for {step.level}"


def consistent(before: Stood) -> None:
    """States follow their tables, sums follow their lines, what waits waits for one, what is signed has its papers."""
    for problem in problems(before):
        pytest.fail(problem)


def problems(before: Stood) -> Iterator[str]:
    """Look at what is new or changed since ``before``; at everything where that is empty."""
    for deal in Opportunity.objects.all():
        then = before.get(("deal", deal.pk))
        if then != (deal.stage, deal.version):
            yield from wrong_with_deal(deal, then[0] if then else deal.stage)
    for quote in Quote.objects.filter(removed_at=None):
        then = before.get(("quote", quote.pk))
        if then != (quote.state, quote.version):
            yield from wrong_with_quote(quote, then[0] if then else quote.state)
    for agreement in Agreement.objects.filter(removed_at=None):
        then = before.get(("agreement", agreement.pk))
        if then != (agreement.state, agreement.version):
            yield from wrong_with_agreement(agreement, then[0] if then else agreement.state)


def wrong_with_deal(deal: Opportunity, then: str) -> Iterator[str]:
    if then != deal.stage and Stage(deal.stage) not in NEXT[Stage(then)]:
        yield f"an opportunity went from {then} to {deal.stage}"
    lines = products_of(deal)
    if lines and deal.monthly_amount != sum(one.monthly_amount for one in lines):
        yield "an opportunity is not the sum of its products"


def wrong_with_quote(quote: Quote, then: str) -> Iterator[str]:
    if then != quote.state and QuoteState(quote.state) not in QUOTE_NEXT[QuoteState(then)]:
        yield f"a quote went from {then} to {quote.state}"
    if quote.monthly_amount != sum((one.price * one.quantity for one in lines_of(quote)), Decimal(0)):
        yield "a quote is not the sum of its lines"
    waits = sum(one.state == "asked" for one in path_of(quote))
    if waits != (1 if quote.state == QuoteState.APPROVING else 0):
        yield f"{waits} steps wait for a quote that is {quote.state}"


def wrong_with_agreement(agreement: Agreement, then: str) -> Iterator[str]:
    if (
        then != agreement.state
        and AgreementState(agreement.state) not in AGREEMENT_NEXT[AgreementState(then)]
    ):
        yield f"an agreement went from {then} to {agreement.state}"
    if agreement.monthly_amount != sum((one.monthly for one in lines_of_agreement(agreement)), Decimal(0)):
        yield "an agreement is not the sum of its lines"
    if agreement.state == "active" and any(one.needed and not one.there for one in papers_of(agreement)):
        yield "an agreement is in force without its documents"
