"""Keys as numbers, as a table holds them; and those of many parties at once, for a process of its own."""

from collections.abc import Sequence
from hashlib import blake2b

from jike.engines.matching.blocking import block_keys
from jike.engines.matching.profile import Party, profile_of

__all__ = ["HASH_BITS", "hashed_keys", "keys_of_parties"]

HASH_BITS = 48


def hashed_keys(party: Party) -> tuple[int, ...]:
    """Return the party's keys, each once, as numbers of `HASH_BITS` bits."""
    return tuple(dict.fromkeys(map(_hashed, block_keys(profile_of(party)))))


def keys_of_parties(parties: Sequence[Party]) -> list[tuple[int, ...]]:
    """Return what `hashed_keys` returns of each."""
    return [hashed_keys(one) for one in parties]


def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=HASH_BITS // 8).digest())
