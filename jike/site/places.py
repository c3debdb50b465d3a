"""Every place the navigation leads to, as data: the menu by groups, its foot, and what one may create."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.site.items import APPROVING, LENT, Group, Item

__all__ = ["CREATING", "ENDING", "MENU"]

MENU = (
    Group(
        "",
        (
            Item(_("Workbench"), "home", "home", key="h", phone=1),
            Item(_("My day"), "calendar", "sales:today", (), ("sales.visit:check_in",), "y", 1, _("Today")),
            Item(_("Tasks"), "checkbox", "resource:list", ("tasks",), ("tasks.task:view",), "x"),
        ),
    ),
    Group(
        _("Customers"),
        (
            Item(
                _("Key accounts"),
                "building",
                "resource:list",
                ("customers",),
                ("customers.customer:view",),
                "c",
                2,
                _("Accounts"),
            ),
            Item(
                _("Key persons"),
                "address-book",
                "resource:list",
                ("key-persons",),
                ("customers.keyperson:view",),
                "k",
            ),
            Item(
                _("Members"),
                "device-mobile",
                "customers:member_snapshots",
                (),
                ("customers.customer:view",),
            ),
            Item(
                _("Rival lines"),
                "swords",
                "customers:rivals_ending",
                (),
                ("customers.rivalline:view",),
            ),
            Item(
                _("Informatisation needs"),
                "bulb",
                "resource:list",
                ("needs",),
                ("customers.need:view",),
            ),
            Item(_("Public pool"), "users-group", "customers:pool", (), ("customers.customer:claim",)),
            Item(
                _("Requests of persons"),
                "user-shield",
                "resource:list",
                ("person-requests",),
                ("customers.personrequest:view",),
            ),
            Item(_("Reveals"), "eye", "customers:reveals", (), ("customers.keyperson:copy_out",)),
            Item(
                _("Hand-overs"),
                "user-share",
                "resource:list",
                ("hand-overs",),
                ("customers.handover:view",),
            ),
            Item(
                _("Balance of portfolios"),
                "chart-bar",
                "customers:balance",
                (),
                ("customers.customer:assign",),
            ),
            Item(
                _("Interactions"),
                "messages",
                "resource:list",
                ("interactions",),
                ("customers.partyinteraction:view",),
            ),
            Item(_("Mail to assign"), "inbox", "customers:inbox", (), ("customers.mail:view",)),
            Item(
                _("Doubles"),
                "copy",
                "doubles:queue",
                ("customers",),
                ("customers.customer:merge",),
            ),
        ),
    ),
    Group(
        _("Sales"),
        (
            Item(_("Leads"), "bulb", "resource:list", ("leads",), ("sales.lead:view",), "l"),
            Item(
                _("Opportunities"),
                "target-arrow",
                "resource:list",
                ("opportunities",),
                ("sales.opportunity:view",),
                "o",
                3,
                pgettext_lazy("bottom bar", "Deals"),
            ),
            Item(_("Visits"), "map-pin", "resource:list", ("visits",), ("sales.visit:view",), "v"),
            Item(_("Quotes"), "file-dollar", "resource:list", ("quotes",), ("quoting.quote:view",), "s"),
            Item(
                _("Approvals"),
                "rubber-stamp",
                "quoting:approvals",
                (),
                (*APPROVING, LENT),
                "",
                4,
            ),
            Item(
                _("Agreements"),
                "file-certificate",
                "resource:list",
                ("agreements",),
                ("quoting.agreement:view",),
                "n",
            ),
            Item(_("Forecast"), "chart-bar", "sales:forecast", (), ("sales.opportunity:view",), "f"),
        ),
    ),
    Group(
        _("Delivery and bills"),
        (
            Item(
                _("Orders"),
                "clipboard-list",
                "resource:list",
                ("orders",),
                ("ordering.productorder:view",),
                "q",
            ),
            Item(
                _("Service tasks"),
                "list-check",
                "resource:list",
                ("service-tasks",),
                ("ordering.servicetask:view",),
                phone=5,
            ),
            Item(
                _("Installed products"),
                "package",
                "resource:list",
                ("products",),
                ("inventory.product:view",),
                "i",
            ),
            Item(_("Bills"), "file-certificate", "resource:list", ("bills",), ("inventory.bill:view",)),
            Item(_("Months billed"), "calendar", "inventory:months", (), ("inventory.bill:run",)),
            Item(_("Payments"), "currency-yuan", "resource:list", ("payments",), ("inventory.payment:view",)),
            Item(
                _("Billing accounts"),
                "file-dollar",
                "resource:list",
                ("billing-accounts",),
                ("inventory.billingaccount:change",),
            ),
        ),
    ),
    Group(
        _("Service"),
        (
            Item(_("Service desk"), "headset", "servicedesk:desk", (), ("servicedesk.ticket:view",), "e", 6),
            Item(_("Tickets"), "clipboard-list", "resource:list", ("tickets",), ("servicedesk.ticket:view",)),
            Item(_("Surveys"), "mood-smile", "resource:list", ("surveys",), ("servicedesk.survey:view",)),
            Item(_("Boards"), "chart-bar", "analytics:boards", (), ("analytics.board:view",)),
            Item(
                _("Early warnings"),
                "alert-triangle",
                "resource:list",
                ("warnings",),
                ("analytics.earlywarning:view",),
            ),
        ),
    ),
    Group(
        _("Products"),
        (
            Item(
                _("Offerings"),
                "package",
                "resource:list",
                ("offerings",),
                ("catalogue.productoffering:view",),
            ),
            Item(
                _("Specifications"),
                "list-details",
                "resource:list",
                ("specifications",),
                ("catalogue.productspecification:add",),
            ),
            Item(
                _("Ready-made offerings"),
                "download",
                "catalogue:ready_made",
                (),
                ("catalogue.productoffering:add",),
            ),
        ),
    ),
    Group(
        _("Plans and targets"),
        (
            Item(_("My week"), "calendar-week", "workplans:week", (), ("workplans.weekplan:add",), "w"),
            Item(_("Targets"), "target", "workplans:scores", (), ("workplans.target:view",), "z"),
        ),
    ),
    Group(
        _("Organisation"),
        (
            Item(_("People"), "users", "organisation:people", (), ("organisation.person:view",), "p", 7),
            Item(_("Units"), "sitemap", "organisation:units", (), ("organisation.unit:view",), "u", 8),
            Item(
                _("Roles and rights"),
                "shield-lock",
                "organisation:roles",
                (),
                ("organisation.role:view",),
                "r",
            ),
            Item(
                _("Deputies"), "user-check", "organisation:deputies", (), ("organisation.deputy:view",), "d"
            ),
            Item(
                _("Integration tokens"), "key", "organisation:tokens", (), ("organisation.token:view",), "t"
            ),
            Item(_("Interface for programs"), "link", "api_docs", (), ("organisation.token:view",)),
        ),
    ),
    Group(
        _("Administration"),
        (
            Item(
                _("History of changes"), "history", "foundation:audit", (), ("foundation.change:view",), "a"
            ),
            Item(
                _("Pool rules"),
                "adjustments",
                "resource:list",
                ("pool-rules",),
                ("customers.poolrule:change",),
            ),
            Item(
                _("Custom fields"),
                "forms",
                "resource:list",
                ("custom-fields",),
                ("foundation.customfield:view",),
            ),
            Item(
                _("Proposed changes"),
                "rosette",
                "customers:proposals",
                (),
                ("customers.changeproposal:view",),
            ),
            Item(_("Tags"), "tags", "resource:list", ("tags",), ("foundation.tag:view",)),
            Item(_("Mailboxes"), "mail", "resource:list", ("mailboxes",), ("customers.mailbox:view",)),
            Item(
                _("Warning rules"),
                "adjustments",
                "resource:list",
                ("warning-rules",),
                ("analytics.warningrule:view",),
            ),
            Item(
                _("Discount authority"),
                "adjustments",
                "quoting:authority",
                (),
                ("quoting.authoritytable:view",),
            ),
            Item(
                _("Releases of exports"),
                "file-export",
                "foundation:releases",
                (),
                ("foundation.export:release",),
            ),
            Item(_("Retention"), "clock", "foundation:retention", (), ("foundation.retentionrule:view",)),
            Item(_("Background jobs"), "list-check", "foundation:jobs", (), ("foundation.job:view",), "j"),
        ),
    ),
)
ENDING = (
    Item(_("Task centre"), "clipboard-list", "foundation:tasks", key="b"),
    Item(_("My account"), "user", "me", key="m", phone=9, short=_("Me")),
)
CREATING = (
    Item(_("Customer"), "building", "resource:add", ("customers",), ("customers.customer:add",)),
    Item(_("Opportunity"), "target-arrow", "resource:add", ("opportunities",), ("sales.opportunity:add",)),
    Item(_("Visit"), "map-pin", "resource:add", ("visits",), ("sales.visit:add",)),
    Item(_("Lead"), "bulb", "resource:add", ("leads",), ("sales.lead:add",)),
    Item(_("Task"), "checkbox", "resource:add", ("tasks",), ("tasks.task:add",)),
    Item(_("Person"), "user-plus", "organisation:add_person", (), ("organisation.person:add",)),
    Item(_("Unit"), "sitemap", "organisation:add_unit", (), ("organisation.unit:add",)),
)
