"""What may be with leads, opportunities and visits: their lives, stages, registration, and rights."""

from jike.apps.sales.rules.grants import GRANTS
from jike.apps.sales.rules.leads import (
    LEAD_NEXT,
    LEAD_OPEN,
    LeadSource,
    LeadState,
    lead_may_follow,
    may_claim,
    may_convert,
)
from jike.apps.sales.rules.registration import (
    PROTECTION_DAYS,
    PROTECTION_ENDING_DAYS,
    RENEWED_DAYS,
    is_protected,
    protection_after,
)
from jike.apps.sales.rules.stages import (
    CLOSED,
    NEEDS,
    NEXT,
    OPEN,
    OWN_FIELDS,
    PROBABILITY,
    Kind,
    LostReason,
    Stage,
    may_follow,
    missing_for,
    total_amount,
    weighted_amount,
)
from jike.apps.sales.rules.visits import VISIT_NEXT, Attitude, VisitState, visit_may_follow

__all__ = [
    "CLOSED",
    "GRANTS",
    "LEAD_NEXT",
    "LEAD_OPEN",
    "NEEDS",
    "NEXT",
    "OPEN",
    "OWN_FIELDS",
    "PROBABILITY",
    "PROTECTION_DAYS",
    "PROTECTION_ENDING_DAYS",
    "RENEWED_DAYS",
    "VISIT_NEXT",
    "Attitude",
    "Kind",
    "LeadSource",
    "LeadState",
    "LostReason",
    "Stage",
    "VisitState",
    "is_protected",
    "lead_may_follow",
    "may_claim",
    "may_convert",
    "may_follow",
    "missing_for",
    "protection_after",
    "total_amount",
    "visit_may_follow",
    "weighted_amount",
]
