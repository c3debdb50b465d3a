"""The classes by which customers are told apart: what they are, how large, how important, how loyal, how they buy."""

from enum import StrEnum

__all__ = [
    "Ability",
    "CertificateType",
    "Credit",
    "Grade",
    "Importance",
    "Loyalty",
    "OrganisationKind",
    "Reach",
    "Relation",
    "ServiceLevel",
    "ValueBehaviour",
    "industry_code",
    "region_prefix",
]


class OrganisationKind(StrEnum):
    """What kind of body in law the customer is."""

    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    GOVERNMENT = "government"
    ASSOCIATION = "association"
    OTHER = "other"


class CertificateType(StrEnum):
    """The certificate that proves who the customer is."""

    LICENCE = "licence"
    INSTITUTION = "institution"
    AUTHORITY = "authority"
    ASSOCIATION = "association"
    MILITARY = "military"
    FOREIGN = "foreign"
    OTHER = "other"


class Reach(StrEnum):
    """How far the customer's sites are spread."""

    LOCAL = "local"
    CROSS_CITY = "cross_city"
    CROSS_PROVINCE = "cross_province"
    CROSS_BORDER = "cross_border"


class Grade(StrEnum):
    """Strategic A1 and A2, contributing B1, promising B2, low C and D; the letters sort as they rank."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C = "C"
    D = "D"


class ServiceLevel(StrEnum):
    """The level of service promised."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    STANDARD = "standard"


class Credit(StrEnum):
    """How far the customer is trusted to pay."""

    AAA = "AAA"
    AA = "AA"
    A = "A"
    B = "B"
    C = "C"


class Loyalty(StrEnum):
    """How firmly the customer stands by us."""

    LOYAL = "loyal"
    OLD = "old"
    NEW = "new"
    POTENTIAL = "potential"


class Relation(StrEnum):
    """In which relation the customer stands to us."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    CHANNEL = "channel"
    INTERNAL = "internal"


class Importance(StrEnum):
    """How much attention the customer gets."""

    VIP = "vip"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class ValueBehaviour(StrEnum):
    """What moves the customer to buy."""

    LIGHTHOUSE = "lighthouse"
    FOLLOWER = "follower"
    RATIONAL = "rational"
    BARGAIN = "bargain"


class Ability(StrEnum):
    """Whether the customer is able to buy what it needs."""

    UNKNOWN = "unknown"
    ABLE = "able"
    UNABLE = "unable"


def region_prefix(code: str) -> str:
    """Return what the codes of a region and of everything below it begin with: 440000 → 44, 440300 → 4403."""
    trimmed = code
    while len(trimmed) > 2 and trimmed.endswith("00"):
        trimmed = trimmed[:-2]
    return trimmed


def industry_code(section: str, division: str) -> str:
    """Return the stored form of an industry, section letter before division (``I64``): a section is then a prefix."""
    return f"{section}{division}"
