"""What is done to the catalogue: specifications and offerings are entered, priced, put on sale and retired."""

from jike.apps.catalogue.actions.offerings import (
    add_offering,
    change_offering,
    change_state,
    remove_offering,
)
from jike.apps.catalogue.actions.ready_made import install_ready_made
from jike.apps.catalogue.actions.specifications import (
    add_specification,
    change_specification,
    describe_specification,
    remove_specification,
)

__all__ = [
    "add_offering",
    "add_specification",
    "change_offering",
    "change_specification",
    "change_state",
    "describe_specification",
    "install_ready_made",
    "remove_offering",
    "remove_specification",
]
