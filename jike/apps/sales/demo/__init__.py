"""Demo sales: what was won and lost over 24 months, what is being worked on, the visits and tasks around it, and leads.

Business days lie in the past as data; everything is planned from a fixed seed and stored set-wise, so that the same day
makes the same rows.
"""

from jike.apps.sales.demo import answers, deals, doubles, visiting
from jike.foundation.demo import Step

__all__ = ["steps"]


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo sales; the larger scales are made by benchmarks."""
    if scale != "demo":
        return []
    return [
        Step("opportunities", "商机", 900, deals.make_opportunities),
        Step("leads", "线索", 70, deals.make_leads),
        doubles.step(),
        Step("visits", "走访", 3000, visiting.make_visits),
        Step("answers", "竞争与需求转商机", answers.ANSWERS, answers.make_answers),
        Step("today", "今日走访与任务", 200, visiting.make_today),
    ]
