"""What is done to products, billing accounts, bills and payments."""

from jike.apps.inventory.actions.accounts import account_for, add_account, change_account, close_account
from jike.apps.inventory.actions.billing import BillRun, add_bill, change_bill, run_month
from jike.apps.inventory.actions.figures import refresh_all_arrears, refresh_arrears, refresh_figures
from jike.apps.inventory.actions.payments import add_payment, reverse_payment
from jike.apps.inventory.actions.products import (
    ProductActivated,
    activate_product,
    change_product,
    modify_product,
    resume_product,
    suspend_product,
    terminate_product,
)
from jike.apps.inventory.actions.running import bill_last_month, order_run, run_ordered
from jike.apps.inventory.actions.welcoming import welcome_customer

__all__ = [
    "BillRun",
    "ProductActivated",
    "account_for",
    "activate_product",
    "add_account",
    "add_bill",
    "add_payment",
    "bill_last_month",
    "change_account",
    "change_bill",
    "change_product",
    "close_account",
    "modify_product",
    "order_run",
    "refresh_all_arrears",
    "refresh_arrears",
    "refresh_figures",
    "resume_product",
    "reverse_payment",
    "run_month",
    "run_ordered",
    "suspend_product",
    "terminate_product",
    "welcome_customer",
]
