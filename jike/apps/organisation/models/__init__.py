"""Units, people, posts, roles with their grants, deputies, integration tokens."""

from jike.apps.organisation.models.deputy import Deputy
from jike.apps.organisation.models.person import Person
from jike.apps.organisation.models.post import Post
from jike.apps.organisation.models.role import Grant, Role
from jike.apps.organisation.models.token import Token
from jike.apps.organisation.models.unit import Unit

__all__ = ["Deputy", "Grant", "Person", "Post", "Role", "Token", "Unit"]
