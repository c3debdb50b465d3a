"""What customers have and pay for: products with their charge periods, accounts, bills with their lines, payments."""

from jike.apps.inventory.models.account import BillingAccount
from jike.apps.inventory.models.bill import Bill, BillLine
from jike.apps.inventory.models.bill_month import BillMonth
from jike.apps.inventory.models.payment import Payment
from jike.apps.inventory.models.product import ChargePeriod, Product

__all__ = ["Bill", "BillLine", "BillMonth", "BillingAccount", "ChargePeriod", "Payment", "Product"]
