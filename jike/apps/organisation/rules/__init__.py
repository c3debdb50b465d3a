"""What may be in the organisation: levels of units, who may hold which rights, passwords, tokens, ready-made roles."""

from jike.apps.organisation.rules.administration import (
    EVERYONE,
    VITAL,
    administrative_domains,
    domains_conflict,
    role_may_hold,
)
from jike.apps.organisation.rules.passwords import one_time_password, password_expired
from jike.apps.organisation.rules.people import staff_no_fits
from jike.apps.organisation.rules.ready_made import GRANTS, READY_MADE, ReadyMadeRole
from jike.apps.organisation.rules.terms import deputy_term_fits, terms_overlap
from jike.apps.organisation.rules.tokens import NewToken, new_token, token_digest
from jike.apps.organisation.rules.units import UnitLevel, level_fits

__all__ = [
    "EVERYONE",
    "GRANTS",
    "READY_MADE",
    "VITAL",
    "NewToken",
    "ReadyMadeRole",
    "UnitLevel",
    "administrative_domains",
    "deputy_term_fits",
    "domains_conflict",
    "level_fits",
    "new_token",
    "one_time_password",
    "password_expired",
    "role_may_hold",
    "staff_no_fits",
    "terms_overlap",
    "token_digest",
]
