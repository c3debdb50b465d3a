"""Who may do what to which rows: the one gate for reading.

`visible` gives a queryset, `fetch` a row or `NotFound`, `require` passes or raises `Refused`, `explain` says why.
Everything that shows or touches rows (lists, choices, search, exports, counts, comments, files, the API) asks here.
"""

from jike.foundation.scope.actor import Actor, ActorKind, Reach, system_actor
from jike.foundation.scope.explaining import explain
from jike.foundation.scope.nearest import nearest
from jike.foundation.scope.permissions import Permission, declare_permission, permission_catalogue
from jike.foundation.scope.reading import fetch, fetch_key, may, require, require_permission, visible
from jike.foundation.scope.sealing import SEALED, is_open, read_field, sealed_fields

__all__ = [
    "SEALED",
    "Actor",
    "ActorKind",
    "Permission",
    "Reach",
    "declare_permission",
    "explain",
    "fetch",
    "fetch_key",
    "is_open",
    "may",
    "nearest",
    "permission_catalogue",
    "read_field",
    "require",
    "require_permission",
    "sealed_fields",
    "system_actor",
    "visible",
]
