"""What is done to customers: entered, completed, moved in their group, assigned, graded; their people, their months."""

from jike.apps.customers.actions.environment import (
    add_need,
    add_rival_line,
    answer,
    change_need,
    change_need_state,
    change_rival_line,
    remove_environment,
    restore_environment,
)
from jike.apps.customers.actions.figures import Month, load_months, refresh_figures, replace_month
from jike.apps.customers.actions.group import move_customer
from jike.apps.customers.actions.hand_overs import (
    CustomersHandedOver,
    Proposed,
    accept_hand_over,
    hand_on,
    hand_tasks_on,
    lapse_hand_overs,
    propose_hand_over,
    refuse_hand_over,
    withdraw_hand_over,
)
from jike.apps.customers.actions.member_checks import (
    begin_member_check,
    check_members,
    decide_findings,
    run_member_check,
)
from jike.apps.customers.actions.member_files import begin_members, receive_members, take_members
from jike.apps.customers.actions.member_snapshots import (
    count_member_fates,
    count_member_snapshots,
    order_member_snapshot,
    take_member_snapshot,
    take_ordered_snapshot,
)
from jike.apps.customers.actions.members import (
    members_back,
    move_members,
    name_file,
    store_members,
    undo_members,
)
from jike.apps.customers.actions.merging import (
    fold_months,
    move_group,
    move_group_back,
    unfold_months,
)
from jike.apps.customers.actions.ownership import assign, assign_deputy, assign_many, assign_owner
from jike.apps.customers.actions.people import (
    add_key_person,
    change_key_person,
    enter_key_persons,
    remove_key_person,
    restore_key_person,
    reveal_field,
)
from jike.apps.customers.actions.pool import claim_customer, fall_back, release_customer, tend_pool
from jike.apps.customers.actions.records import (
    add_customer,
    add_customers,
    change_customer,
    change_customers,
    remove_customer,
    restore_customer,
)
from jike.apps.customers.actions.standing import change_state, grade_customer

__all__ = [
    "CustomersHandedOver",
    "Month",
    "Proposed",
    "accept_hand_over",
    "add_customer",
    "add_customers",
    "add_key_person",
    "add_need",
    "add_rival_line",
    "answer",
    "assign",
    "assign_deputy",
    "assign_many",
    "assign_owner",
    "begin_member_check",
    "begin_members",
    "change_customer",
    "change_customers",
    "change_key_person",
    "change_need",
    "change_need_state",
    "change_rival_line",
    "change_state",
    "check_members",
    "claim_customer",
    "count_member_fates",
    "count_member_snapshots",
    "decide_findings",
    "enter_key_persons",
    "fall_back",
    "fold_months",
    "grade_customer",
    "hand_on",
    "hand_tasks_on",
    "lapse_hand_overs",
    "load_months",
    "members_back",
    "move_customer",
    "move_group",
    "move_group_back",
    "move_members",
    "name_file",
    "order_member_snapshot",
    "propose_hand_over",
    "receive_members",
    "refresh_figures",
    "refuse_hand_over",
    "release_customer",
    "remove_customer",
    "remove_environment",
    "remove_key_person",
    "replace_month",
    "restore_customer",
    "restore_environment",
    "restore_key_person",
    "reveal_field",
    "run_member_check",
    "store_members",
    "take_member_snapshot",
    "take_members",
    "take_ordered_snapshot",
    "tend_pool",
    "undo_members",
    "unfold_months",
    "withdraw_hand_over",
]
