"""Finding records that mean the same party: customers and people entered twice, each time a little otherwise.

`profile_of` brings a `Party` into comparable form, `block_keys` says which profiles are worth comparing, `compare` how
likely two of them are one, and why. `generated_truth` makes companies with documented slips, on which all three are
measured.
"""

from jike.engines.matching.blocking import block_keys
from jike.engines.matching.company_names import CompanyName, parts_of
from jike.engines.matching.comparing import LIKELY, POSSIBLE, Match, Reason, compare
from jike.engines.matching.hashing import HASH_BITS, hashed_keys, keys_of_parties
from jike.engines.matching.profile import Party, Profile, profile_of
from jike.engines.matching.slips import Slip, Truth, generated_truth

__all__ = [
    "HASH_BITS",
    "LIKELY",
    "POSSIBLE",
    "CompanyName",
    "Match",
    "Party",
    "Profile",
    "Reason",
    "Slip",
    "Truth",
    "block_keys",
    "compare",
    "generated_truth",
    "hashed_keys",
    "keys_of_parties",
    "parts_of",
    "profile_of",
]
