"""What becomes of everything that names a record when that is merged: one line for each reference.

A new foreign key to a customer or a key person, and a new list of uids, needs its line here; a test names those that
are missing.
"""

from collections.abc import Mapping

from jike.apps.customers.actions import (
    fold_months,
    members_back,
    move_group,
    move_group_back,
    move_members,
    settle_consents,
    unfold_months,
)
from jike.foundation.doubles import FOLLOWED, LEFT, LISTED, Repointing

__all__ = ["REFERENCES"]

COLLEAGUES = "our own people, who are never merged"

REFERENCES: Mapping[str, Repointing] = {
    "analytics.earlywarning.customer": FOLLOWED,
    "analytics.snapshot.customer": LEFT("who was a customer on a day is not told otherwise afterwards"),
    "customers.changeproposal.customer": FOLLOWED,
    "customers.careerentry.customer": FOLLOWED,
    "customers.careerentry.person": FOLLOWED,
    "customers.consent.person": Repointing(settled=settle_consents),
    "customers.customer.parent": Repointing(move=move_group, back=move_group_back),
    "customers.customermonth.customer": Repointing(move=fold_months, back=unfold_months),
    "customers.filetodecide.key_person": FOLLOWED,
    "customers.handoveritem.customer": LEFT("a hand-over was of the record that was merged away"),
    "customers.customerrelationship.customer": FOLLOWED,
    "customers.customerrelationship.other": FOLLOWED,
    "customers.keyperson.customer": FOLLOWED,
    "customers.keyperson.reports_to": FOLLOWED,
    "customers.member.customer": Repointing(move=move_members, back=members_back),
    "customers.memorialday.person": FOLLOWED,
    "customers.personrequest.key_person": FOLLOWED,
    "customers.membercheck.customer": LEFT("a check tells what was found on its day"),
    "customers.memberfate.customer": LEFT("it follows from the lines of the snapshot and is counted anew"),
    "customers.memberfinding.customer": LEFT("a check tells what was found on its day"),
    "customers.membersnapshotline.customer": LEFT(
        "who was a member on a day is not told otherwise afterwards"
    ),
    "customers.need.customer": FOLLOWED,
    "customers.rivalline.customer": FOLLOWED,
    "customers.partyinteraction.about_uid": FOLLOWED,
    "customers.partyinteraction.colleagues": LEFT(COLLEAGUES),
    "customers.partyinteraction.customer": FOLLOWED,
    "customers.partyinteraction.people": LISTED("customers.keyperson"),
    "foundation.attachment.about_uid": FOLLOWED,
    "foundation.bookmark.about_uid": FOLLOWED,
    "foundation.comment.about_uid": FOLLOWED,
    "foundation.comment.mentions": LEFT(COLLEAGUES),
    "foundation.follow.about_uid": FOLLOWED,
    "foundation.merge.others": LEFT("what became one on a day is told as it was"),
    "foundation.notice.about_uid": FOLLOWED,
    "foundation.share.about_uid": FOLLOWED,
    "inventory.bill.customer": FOLLOWED,
    "inventory.billingaccount.customer": FOLLOWED,
    "inventory.billline.customer": FOLLOWED,
    "inventory.payment.customer": FOLLOWED,
    "inventory.product.customer": FOLLOWED,
    "ordering.productorder.customer": FOLLOWED,
    "ordering.servicetask.customer": FOLLOWED,
    "quoting.agreement.customer": FOLLOWED,
    "quoting.quote.customer": FOLLOWED,
    "sales.lead.customer": FOLLOWED,
    "sales.opportunity.customer": FOLLOWED,
    "sales.visit.customer": FOLLOWED,
    "sales.visit.met": LISTED("customers.keyperson"),
    "servicedesk.survey.customer": FOLLOWED,
    "servicedesk.survey.key_person": FOLLOWED,
    "servicedesk.ticket.customer": FOLLOWED,
    "servicedesk.ticket.key_person": FOLLOWED,
    "tasks.task.about_uid": FOLLOWED,
}
"""Reference → whether its rows follow the record kept, stay, or are re-pointed by their own capability."""
