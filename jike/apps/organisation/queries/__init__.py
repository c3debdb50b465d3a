"""What one needs to know of the organisation; first of all, who somebody is: `actor_of`."""

from jike.apps.organisation.queries.actors import actor_of, actor_of_token
from jike.apps.organisation.queries.units import below

__all__ = ["actor_of", "actor_of_token", "below"]
