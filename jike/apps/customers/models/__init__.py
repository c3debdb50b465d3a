"""Customers, their key persons, their members, their months, and their environment."""

from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.customer_month import CustomerMonth
from jike.apps.customers.models.environment import Need, RivalLine
from jike.apps.customers.models.hand_over import HandOver, HandOverItem
from jike.apps.customers.models.key_person import KeyPerson
from jike.apps.customers.models.member import Member, MemberBatch
from jike.apps.customers.models.person_request import PersonRequest
from jike.apps.customers.models.pool_rule import PoolRule

__all__ = [
    "Customer",
    "CustomerMonth",
    "HandOver",
    "HandOverItem",
    "KeyPerson",
    "Member",
    "MemberBatch",
    "Need",
    "PersonRequest",
    "PoolRule",
    "RivalLine",
]
