"""The families of what an operator sells to enterprises, and over which part of the country an offering is sold."""

from enum import StrEnum

__all__ = ["FAMILIES_BY_GROUP", "Family", "Group", "Reach", "group_of"]


class Family(StrEnum):
    """The kind of product, in the order of a quote."""

    CIRCUIT = "circuit"
    BROADBAND = "broadband"
    VOICE = "voice"
    MESSAGING = "messaging"
    IOT = "iot"
    IDC = "idc"
    CLOUD = "cloud"
    ICT = "ict"
    GROUP_PAYMENT = "group_payment"


class Group(StrEnum):
    """Under which heading a quote lists a family."""

    CONNECTION = "connection"
    COMMUNICATION = "communication"
    CLOUD = "cloud"
    SERVICE = "service"


class Reach(StrEnum):
    """Who makes the offering: headquarters for the country, or a province within headquarters' policy."""

    NATIONAL = "national"
    PROVINCE = "province"


FAMILIES_BY_GROUP = {
    Group.CONNECTION: (Family.CIRCUIT, Family.BROADBAND, Family.IOT),
    Group.COMMUNICATION: (Family.VOICE, Family.MESSAGING),
    Group.CLOUD: (Family.IDC, Family.CLOUD, Family.ICT),
    Group.SERVICE: (Family.GROUP_PAYMENT,),
}


def group_of(family: Family) -> Group:
    """Return the heading under which a quote lists the family."""
    return next(group for group, families in FAMILIES_BY_GROUP.items() if family in families)
