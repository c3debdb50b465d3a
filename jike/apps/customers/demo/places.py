"""Who looks after demo customers, and where: the account managers of the demo organisation."""

from typing import NamedTuple

from jike.apps.organisation.models import Person, Post
from jike.values import regions

__all__ = ["AccountManager", "account_managers"]

ANYWHERE = "440106"


class AccountManager(NamedTuple):
    """An account manager, the unit of their post, and the county in which it lies."""

    person: Person
    unit: int
    region: str
    city: str
    """As people shorten it."""


def account_managers() -> list[AccountManager]:
    """Return the account managers, by staff number."""
    posts = Post.objects.filter(role__code="account_manager", removed_at=None).select_related(
        "person", "unit"
    )
    return [_manager(post) for post in posts.order_by("person__staff_no", "id")]


def _manager(post: Post) -> AccountManager:
    county = post.unit.code.partition("-")[0]
    known = regions.regions().get(county) or regions.region(ANYWHERE)
    city = known if known.level is regions.Level.CITY else regions.region(known.parent or known.code)
    return AccountManager(post.person, post.unit_id, known.code, city.short_name)
