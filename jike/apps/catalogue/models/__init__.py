"""Product specifications and offerings."""

from jike.apps.catalogue.models.offering import ProductOffering
from jike.apps.catalogue.models.specification import ProductSpecification

__all__ = ["ProductOffering", "ProductSpecification"]
