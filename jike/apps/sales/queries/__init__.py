"""What one needs to know of sales: the pipeline, the stages ahead, who registered before, today's visits."""

from jike.apps.sales.queries.pipeline import (
    by_owner,
    by_stage,
    forecast,
    needing_attention,
    pipeline,
    win_rate,
    won_between,
)
from jike.apps.sales.queries.records import colliding, lines_of
from jike.apps.sales.queries.stages import NextStage, next_stages, what_is_missing
from jike.apps.sales.queries.visits import (
    deals_of,
    family_labels,
    met_people,
    opportunities_of,
    own_visits,
    people_to_meet,
    unminuted,
    visits_of,
    visits_of_day,
    visits_of_opportunity,
)

__all__ = [
    "NextStage",
    "by_owner",
    "by_stage",
    "colliding",
    "deals_of",
    "family_labels",
    "forecast",
    "lines_of",
    "met_people",
    "needing_attention",
    "next_stages",
    "opportunities_of",
    "own_visits",
    "people_to_meet",
    "pipeline",
    "unminuted",
    "visits_of",
    "visits_of_day",
    "visits_of_opportunity",
    "what_is_missing",
    "win_rate",
    "won_between",
]
