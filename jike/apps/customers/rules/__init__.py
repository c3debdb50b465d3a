"""What may be with customers: their classes, states, health, the part of their key persons, and rights."""

from jike.apps.customers.rules.classes import (
    Ability,
    CertificateType,
    Credit,
    Grade,
    Importance,
    Loyalty,
    OrganisationKind,
    Reach,
    Relation,
    ServiceLevel,
    ValueBehaviour,
    industry_code,
    region_prefix,
)
from jike.apps.customers.rules.grants import GRANTS
from jike.apps.customers.rules.health import DEDUCTIONS, Health, Reason, health, health_band
from jike.apps.customers.rules.members import HEADINGS, Line, Refusal, judged_number
from jike.apps.customers.rules.people import PERSONAL, Attitude, DecisionRole, Influence, masked
from jike.apps.customers.rules.standing import (
    NEEDS,
    NEXT,
    OWN_FIELDS,
    State,
    is_truly_potential,
    may_follow,
    missing_for,
)

__all__ = [
    "DEDUCTIONS",
    "GRANTS",
    "HEADINGS",
    "NEEDS",
    "NEXT",
    "OWN_FIELDS",
    "PERSONAL",
    "Ability",
    "Attitude",
    "CertificateType",
    "Credit",
    "DecisionRole",
    "Grade",
    "Health",
    "Importance",
    "Influence",
    "Line",
    "Loyalty",
    "OrganisationKind",
    "Reach",
    "Reason",
    "Refusal",
    "Relation",
    "ServiceLevel",
    "State",
    "ValueBehaviour",
    "health",
    "health_band",
    "industry_code",
    "is_truly_potential",
    "judged_number",
    "masked",
    "may_follow",
    "missing_for",
    "region_prefix",
]
