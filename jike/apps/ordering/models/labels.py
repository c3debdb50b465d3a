"""What the values of the rules' enumerations are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.ordering.rules import ItemAction, ItemState, OrderState, Step, TaskState
from jike.foundation.models.shapes import Labels

ORDER_STATES: Labels = {
    OrderState.DRAFT: pgettext_lazy("order", "Draft"),
    OrderState.RUNNING: pgettext_lazy("order", "Under way"),
    OrderState.HELD: pgettext_lazy("order", "Held up"),
    OrderState.COMPLETED: pgettext_lazy("order", "Completed"),
    OrderState.CANCELLED: pgettext_lazy("order", "Cancelled"),
}
ITEM_ACTIONS: Labels = {
    ItemAction.ADD: pgettext_lazy("order item", "New"),
    ItemAction.MODIFY: pgettext_lazy("order item", "Change"),
    ItemAction.SUSPEND: pgettext_lazy("order item", "Suspend"),
    ItemAction.RESUME: pgettext_lazy("order item", "Resume"),
    ItemAction.TERMINATE: pgettext_lazy("order item", "Terminate"),
}
ITEM_STATES: Labels = {
    ItemState.DRAFT: pgettext_lazy("order", "Draft"),
    ItemState.RUNNING: pgettext_lazy("order", "Under way"),
    ItemState.COMPLETED: pgettext_lazy("order", "Completed"),
    ItemState.CANCELLED: pgettext_lazy("order", "Cancelled"),
}
TASK_STATES: Labels = {
    TaskState.WAITING: pgettext_lazy("step", "Waiting"),
    TaskState.READY: pgettext_lazy("step", "Ready"),
    TaskState.RUNNING: pgettext_lazy("step", "Under way"),
    TaskState.FAILED: pgettext_lazy("step", "Failed"),
    TaskState.DONE: pgettext_lazy("step", "Done"),
    TaskState.CANCELLED: pgettext_lazy("step", "Not needed"),
}
STEPS: Labels = {
    Step.SURVEY: _("Survey"),
    Step.RESOURCE: pgettext_lazy("step", "Resources"),
    Step.CONSTRUCTION: pgettext_lazy("step", "Construction"),
    Step.CONFIGURATION: _("Configuration"),
    Step.TEST: pgettext_lazy("step", "Test"),
    Step.FIRST_ACCEPTANCE: _("First acceptance"),
    Step.FINAL_ACCEPTANCE: _("Final acceptance"),
    Step.RENT_START: _("Start of rent"),
    Step.RENT_CHANGE: _("Change of rent"),
    Step.RENT_END: _("End of rent"),
    Step.RELEASE: _("Release of resources"),
}
