"""Customers, their key persons, their members, their months, and their environment."""

from jike.apps.customers.models.care import CareerEntry, Consent, MemorialDay
from jike.apps.customers.models.customer import Customer
from jike.apps.customers.models.customer_month import CustomerMonth
from jike.apps.customers.models.environment import Need, RivalLine
from jike.apps.customers.models.file_to_decide import FileToDecide
from jike.apps.customers.models.hand_over import HandOver, HandOverItem
from jike.apps.customers.models.key_person import KeyPerson
from jike.apps.customers.models.mail import Mail, Mailbox
from jike.apps.customers.models.member import Member, MemberBatch, MemberFormer
from jike.apps.customers.models.member_check import MemberCheck, MemberFinding
from jike.apps.customers.models.member_snapshot import (
    MemberFate,
    MemberRetention,
    MemberSnapshot,
    MemberSnapshotLine,
)
from jike.apps.customers.models.party_interaction import PartyInteraction
from jike.apps.customers.models.person_request import PersonRequest
from jike.apps.customers.models.pool_rule import PoolRule
from jike.apps.customers.models.proposal import ChangeProposal
from jike.apps.customers.models.relationship import CustomerRelationship

__all__ = [
    "CareerEntry",
    "ChangeProposal",
    "Consent",
    "Customer",
    "CustomerMonth",
    "CustomerRelationship",
    "FileToDecide",
    "HandOver",
    "HandOverItem",
    "KeyPerson",
    "Mail",
    "Mailbox",
    "Member",
    "MemberBatch",
    "MemberCheck",
    "MemberFate",
    "MemberFinding",
    "MemberFormer",
    "MemberRetention",
    "MemberSnapshot",
    "MemberSnapshotLine",
    "MemorialDay",
    "Need",
    "PartyInteraction",
    "PersonRequest",
    "PoolRule",
    "RivalLine",
]
