"""What one needs to know of customers: their group, their people, their months, and why their figures are so."""

from jike.apps.customers.queries.environment import (
    Ending,
    Share,
    count_environment,
    ending_by,
    ending_by_month,
    ending_lines,
    next_need_states,
    open_needs_of,
    our_share,
    rival_lines_of,
)
from jike.apps.customers.queries.explaining import (
    health_explained,
    next_states,
    size_explained,
    what_is_missing,
)
from jike.apps.customers.queries.group import (
    below_in_group,
    further_in_group,
    group_lines,
    group_path,
    subsidiaries_of,
)
from jike.apps.customers.queries.hand_overs import (
    Matter,
    Matters,
    hand_over_waiting_for,
    items_of,
    may_answer,
    may_withdraw,
    pack_of,
    register_matters,
    waiting_for_answer,
)
from jike.apps.customers.queries.member_files import file_of, member_lines
from jike.apps.customers.queries.members import (
    MOST_COUNTED,
    count_members,
    member_batch,
    member_batches,
    members_of,
)
from jike.apps.customers.queries.months import customer_months, latest_month
from jike.apps.customers.queries.people import key_persons_of, may_reveal, personal_fields
from jike.apps.customers.queries.pool import (
    Attendance,
    attended_on,
    falling_of,
    figures_for,
    held_by,
    pooled,
    register_attendance,
)
from jike.apps.customers.queries.records import likely_duplicates

__all__ = [
    "MOST_COUNTED",
    "Attendance",
    "Ending",
    "Matter",
    "Matters",
    "Share",
    "attended_on",
    "below_in_group",
    "count_environment",
    "count_members",
    "customer_months",
    "ending_by",
    "ending_by_month",
    "ending_lines",
    "falling_of",
    "figures_for",
    "file_of",
    "further_in_group",
    "group_lines",
    "group_path",
    "hand_over_waiting_for",
    "health_explained",
    "held_by",
    "items_of",
    "key_persons_of",
    "latest_month",
    "likely_duplicates",
    "may_answer",
    "may_reveal",
    "may_withdraw",
    "member_batch",
    "member_batches",
    "member_lines",
    "members_of",
    "next_need_states",
    "next_states",
    "open_needs_of",
    "our_share",
    "pack_of",
    "personal_fields",
    "pooled",
    "register_attendance",
    "register_matters",
    "rival_lines_of",
    "size_explained",
    "subsidiaries_of",
    "waiting_for_answer",
    "what_is_missing",
]
