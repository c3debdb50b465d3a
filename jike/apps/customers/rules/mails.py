"""Mails: whose they are by the addresses in them, and what becomes of those that nobody is known for."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from jike.values.mail_hosts import PUBLIC_MAIL_HOSTS

__all__ = ["MAIL_NEXT", "MailState", "company_domains", "customer_by_address", "domain_of"]


class MailState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    IGNORED = "ignored"


MAIL_NEXT: Mapping[MailState, frozenset[MailState]] = {
    MailState.WAITING: frozenset({MailState.ASSIGNED, MailState.IGNORED}),
    MailState.IGNORED: frozenset({MailState.WAITING, MailState.ASSIGNED}),
    MailState.ASSIGNED: frozenset(),
}

WEB_ADDRESS = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/:?#\s]+)")
MOST_LABELS = 6


def domain_of(address: str) -> str:
    """Return the domain of a mail address or web address in lower case; "" where there is none.

    >>> domain_of("Cheng.Yuan@Mail.LanYu-Port.cn"), domain_of("https://www.lanyu-port.cn/about")
    ('mail.lanyu-port.cn', 'lanyu-port.cn')
    """
    last = address.strip().lower().rpartition("@")[2]
    found = WEB_ADDRESS.match(last)
    domain = found[1].rstrip(".") if found else ""
    return domain if "." in domain else ""


def company_domains(address: str) -> tuple[str, ...]:
    """Return the domains that tell whom the address belongs to, the longest first; none for a public mail service.

    A registry's suffix alone ("com.cn") names nobody.

    >>> company_domains("a@it.lanyu-port.cn"), company_domains("a@qq.com"), company_domains("a@x.com.cn")
    (('it.lanyu-port.cn', 'lanyu-port.cn'), (), ('x.com.cn',))
    """
    labels = domain_of(address).split(".")[-MOST_LABELS:]
    found = [".".join(labels[place:]) for place in range(len(labels) - 1)]
    if any(one in PUBLIC_MAIL_HOSTS for one in found):
        return ()
    return tuple(one for one in found if not _is_suffix(one))


def customer_by_address(
    addresses: Iterable[str], *, people: Mapping[str, set[int]], domains: Mapping[str, set[int]]
) -> int | None:
    """Return the customer whom the addresses name, by key persons first and by domains where those say nothing.

    ``people`` and ``domains`` hold the customers' ids by address and by domain. What names two customers at once names
    neither: a person has to look.
    """
    lower = [one.strip().lower() for one in addresses]
    known = set().union(*(people.get(one, set()) for one in lower))
    if known:
        return known.pop() if len(known) == 1 else None
    for one in lower:
        known |= next((domains[name] for name in company_domains(one) if domains.get(name)), set())
    return known.pop() if len(known) == 1 else None


def _is_suffix(domain: str) -> bool:
    first, _dot, rest = domain.partition(".")
    return first in {"com", "net", "org", "gov", "edu", "ac", "co"} and len(rest) == 2
