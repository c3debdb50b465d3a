"""What the ready-made roles hold of the foundation's rights, which knows no roles itself."""

from collections.abc import Mapping

from jike.foundation.exchange.releasing import RELEASE
from jike.foundation.jobs.watching import RUN_JOBS, VIEW_JOBS
from jike.foundation.pages.audit_log import VIEW_CHANGES
from jike.foundation.pages.resources.why import EXPLAIN
from jike.foundation.privacy.retention import CHANGE, VIEW
from jike.site.patterns import VIEW_PATTERNS
from jike.values.rights import Breadth

__all__ = ["GRANTS"]

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "system_admin": {
        VIEW_JOBS: Breadth.ALL,
        RUN_JOBS: Breadth.ALL,
        VIEW_PATTERNS: Breadth.ALL,
        **{f"foundation.customfield:{act}": Breadth.ALL for act in ("view", "add", "change", "remove")},
    },
    **{role: {RELEASE: Breadth.BELOW, EXPLAIN: Breadth.BELOW} for role in ("county_head", "city_head")},
    "province_head": {
        RELEASE: Breadth.BELOW,
        **{f"foundation.tag:{act}": Breadth.ALL for act in ("view", "add", "change", "remove", "merge")},
    },
    "security_admin": {VIEW: Breadth.ALL, CHANGE: Breadth.ALL},
    "audit_admin": {VIEW_CHANGES: Breadth.ALL},
}
