"""What one needs to know of products: what may be sold, and how many ready-made offerings are there already."""

from jike.apps.catalogue.queries.offerings import (
    offerings_on_sale,
    ready_made,
    selling_problem,
)

__all__ = ["offerings_on_sale", "ready_made", "selling_problem"]
