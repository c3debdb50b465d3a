"""Demo customers: 300 with stories, made through actions, or up to a million made set-wise for benchmarks.

Business days lie in the past as data; what is recorded is recorded when it happens. The seed is fixed, so that the same
day makes the same customers; none of them exists.
"""

from jike.apps.customers.demo import (
    correspondence,
    environment,
    few,
    interactions,
    many,
    member_stories,
    members,
    mistakes,
    owning,
    refining,
    relations,
)
from jike.foundation.demo import Step

__all__ = ["steps"]


def steps(scale: str) -> list[Step]:
    """Return the steps that make the customers at ``scale``."""
    if scale != "demo":
        return many.steps(scale)
    return [
        *few.steps(),
        Step("interactions", "沟通记录", interactions.INTERACTIONS, interactions.make_interactions),
        Step("mails", "往来邮件", correspondence.MAILS, correspondence.make_mails),
        Step("relationships", "客户关系", relations.RELATIONSHIPS, relations.make_relationships),
        Step("key-persons-known", "关键人关怀", relations.PEOPLE, relations.round_out_people),
        Step("members", "集团成员", members.LINES, members.make_members),
        Step("member-stories", "成员变动与拍照", member_stories.ROWS, member_stories.make_stories),
        Step("rival-lines", "竞争专线", environment.LINES, environment.make_rival_lines),
        Step("needs", "信息化需求", environment.NEEDS, environment.make_needs),
        *refining.steps(),
        *owning.steps(),
        *mistakes.steps(),
    ]
