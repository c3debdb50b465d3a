"""Addresses of the customers' own pages, beside those that the Resource machinery gives them."""

from django.urls import path

from jike.apps.customers.models import Customer
from jike.apps.customers.pages import (
    balance,
    hand_overs,
    interactions,
    mails,
    member_runs,
    members,
    noting,
    pool,
    privacy,
    proposals,
    rivals,
    verbs,
    writing,
)
from jike.apps.customers.pages.caring import PERSON_PATHS
from jike.apps.customers.pages.group_tree import GROUP_PATHS
from jike.foundation.pages import tagging

app_name = "customers"
urlpatterns = [
    *GROUP_PATHS,
    *PERSON_PATHS,
    path("interactions/<uuid:uid>/present/", interactions.present, name="interaction_present"),
    path("interactions/<uuid:uid>/next-step/", interactions.next_step, name="interaction_step"),
    path("mails/inbox/", mails.inbox, name="inbox"),
    path("mails/<uuid:uid>/assign/", mails.assign, name="mail_assign"),
    path("mails/<uuid:uid>/set-aside/", mails.ignore, name="mail_ignore"),
    path("mails/<uuid:uid>/take-up/", mails.reopen, name="mail_reopen"),
    path("mailboxes/<uuid:uid>/password/", mails.set_password, name="mailbox_password"),
    path("mailboxes/<uuid:uid>/try/", mails.try_it, name="mailbox_try"),
    path("customers/<uuid:uid>/mail/", writing.write, name="write"),
    path("customers/<uuid:uid>/mail/file/", writing.hand_in, name="hand_in"),
    path("interactions/<uuid:uid>/answer/", writing.answer, name="answer"),
    path("note/<str:kind>/<uuid:uid>/", noting.further, name="noting"),
    path("rival-lines/ending/", rivals.ending, name="rivals_ending"),
    path("person-requests/<uuid:uid>/settle/", privacy.settle, name="request_settle"),
    path("person-requests/<uuid:uid>/refuse/", privacy.refuse, name="request_refuse"),
    path("key-persons/<uuid:uid>/copy/", privacy.copy_person, name="copy_person"),
    path("key-persons/<uuid:uid>/forget/", privacy.forget, name="forget"),
    path("reveals/", privacy.reveals, name="reveals"),
    path("pool/", pool.pool, name="pool"),
    path("pool/<uuid:uid>/claim/", pool.claim, name="claim"),
    path("portfolio/", balance.balance, name="balance"),
    path("customers/hand-over/", hand_overs.hand_over_many, name="hand_over_many"),
    path("customers/<uuid:uid>/hand-over/", hand_overs.hand_over, name="hand_over"),
    path("customers/<uuid:uid>/release/", pool.release, name="release"),
    path("hand-overs/<uuid:uid>/accept/", hand_overs.accept, name="accept"),
    path("hand-overs/<uuid:uid>/refuse/", hand_overs.refuse, name="refuse"),
    path("hand-overs/<uuid:uid>/withdraw/", hand_overs.withdraw, name="withdraw"),
    path("hand-overs/<uuid:uid>/pack/", hand_overs.pack, name="pack"),
    path("customers/members/", members.files, name="member_files"),
    path("customers/members/<uuid:uid>/undo/", members.take_back, name="member_undo"),
    path("members/snapshots/", member_runs.snapshots, name="member_snapshots"),
    path("members/bundles/", member_runs.bundles, name="bundles_ending"),
    path("members/checks/", member_runs.checks, name="member_checks"),
    path("members/checks/<uuid:uid>/", member_runs.check, name="member_check"),
    path("customers/<uuid:uid>/members/<uuid:snapshot>/", member_runs.frozen, name="frozen_members"),
    path("customers/<uuid:uid>/members/", members.listed, name="members"),
    path("customers/<uuid:uid>/assign/", verbs.assign, name="assign"),
    path("proposals/", proposals.inbox, name="proposals"),
    path("proposals/<uuid:uid>/answer/", proposals.answer, name="answer_proposal"),
    path("proposals/<uuid:uid>/withdraw/", proposals.withdraw, name="withdraw_proposal"),
    path("customers/<uuid:uid>/propose/", proposals.propose, name="propose"),
    path("customers/<uuid:uid>/tags/", tagging.tags, {"model": Customer}, name="tags"),
    path("customers/<uuid:uid>/move-in-group/", verbs.move, name="move"),
    path("key-persons/<uuid:uid>/reveal/<slug:field>/", verbs.reveal, name="reveal"),
]
