"""Orders, their items, and the service tasks into which they split."""

from jike.apps.ordering.models.order import OrderItem, ProductOrder
from jike.apps.ordering.models.service_task import ServiceTask

__all__ = ["OrderItem", "ProductOrder", "ServiceTask"]
