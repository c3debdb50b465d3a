"""Codes of the second factor open once: what was used is remembered in the database, for every process alike.

allauth remembers used codes in a cache of each process and for half a minute, while a code counts for a minute and a
half; RFC 6238, section 5.2, wants each accepted once. Recovery codes need nothing of this: allauth strikes them off in
the locked row.
"""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

from jike.apps.organisation.models import Person
from jike.foundation.audit.gate import may_write
from jike.foundation.scope import Actor

__all__ = ["spend_code"]

SPENT = "spent"
"""In the authenticator's data: the number of the latest half minute whose code was used."""


@transaction.atomic
def spend_code(person: Person, code: str, *, actor: Actor) -> bool:
    """Use up a valid code of the person's app; whether neither it nor a later one had been used before."""
    may_write(actor)
    kept = Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.TOTP).first()
    number = None if kept is None else _half_minute(decrypt(kept.data["secret"]), code)
    if kept is None or number is None or number <= kept.data.get(SPENT, 0):
        return False
    kept.data[SPENT] = number
    kept.save(update_fields=["data"])
    return True


def _half_minute(secret: str, code: str) -> int | None:
    """Return the number of the latest half minute that has this code, of those whose codes count now."""
    typed = normalize_user_code(code)
    fitting = [
        number
        for number in yield_hotp_counters_from_time()
        if constant_time_compare(format_hotp_value(hotp_value(secret, number)), typed)
    ]
    return max(fitting, default=None)
