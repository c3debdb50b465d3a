"""What one needs to know of the organisation; first of all, who somebody is: `actor_of`."""

from jike.apps.organisation.queries.actors import actor_of, actor_of_token
from jike.apps.organisation.queries.directory import PeopleDirectory
from jike.apps.organisation.queries.people import (
    deputies_listed,
    deputies_of,
    has_second_factor,
    people_page,
    person_of,
    posts_of,
    principals_of,
    sessions_of,
    tokens_of,
)
from jike.apps.organisation.queries.roles import matrix, permissions_held, roles_listed
from jike.apps.organisation.queries.standing_in import (
    Stead,
    deputies_standing,
    holders_of,
    stands_in_for_a_holder,
    steads,
)
from jike.apps.organisation.queries.units import below, children_of, path_of, removed_units, tree_lines

__all__ = [
    "PeopleDirectory",
    "Stead",
    "actor_of",
    "actor_of_token",
    "below",
    "children_of",
    "deputies_listed",
    "deputies_of",
    "deputies_standing",
    "has_second_factor",
    "holders_of",
    "matrix",
    "path_of",
    "people_page",
    "permissions_held",
    "person_of",
    "posts_of",
    "principals_of",
    "removed_units",
    "roles_listed",
    "sessions_of",
    "stands_in_for_a_holder",
    "steads",
    "tokens_of",
    "tree_lines",
]
