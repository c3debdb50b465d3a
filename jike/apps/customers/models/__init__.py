"""Customers, their key persons, their members, and their months."""

from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.customer_month import CustomerMonth
from jike.apps.customers.models.key_person import KeyPerson
from jike.apps.customers.models.member import Member, MemberBatch

__all__ = ["Customer", "CustomerMonth", "KeyPerson", "Member", "MemberBatch"]
