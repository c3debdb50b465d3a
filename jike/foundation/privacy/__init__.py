"""Where a person's data lies, what becomes of it when they wish it away, and how long what is kept by time is kept.

A person here is somebody a capability keeps data of (a key person of a customer), not who signs in.
"""

from jike.foundation.privacy.places import (
    Finding,
    Places,
    places,
    register_places,
    undeclared,
)

__all__ = ["Finding", "Places", "places", "register_places", "undeclared"]
