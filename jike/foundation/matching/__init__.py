"""Which records may mean the same party: keys kept beside every record that declares ``MATCH``, and asked by them.

For others: `near_duplicates(model, values, actor=…)` says which records are like the one being typed, and
`near_duplicates_of_many(model, rows, actor=…)` says it set-wise of the rows of a file, also among themselves.
Both read stored keys only and show what the actor may see. Values bear the model's attribute names (``customer_id``).
"""

from jike.foundation.matching.keeping import keep_keys, matched_fields, rekey_all
from jike.foundation.matching.kinds import matched_models
from jike.foundation.matching.near import Near, foresee, near_duplicates, near_duplicates_of_many

__all__ = [
    "Near",
    "foresee",
    "keep_keys",
    "matched_fields",
    "matched_models",
    "near_duplicates",
    "near_duplicates_of_many",
    "rekey_all",
]
