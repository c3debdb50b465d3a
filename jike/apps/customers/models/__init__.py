"""Customers, their key persons, and their months."""

from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.customer_month import CustomerMonth
from jike.apps.customers.models.key_person import KeyPerson

__all__ = ["Customer", "CustomerMonth", "KeyPerson"]
