"""Posts, roles, deputies, tokens and seeing as somebody: who may give what to whom, and what follows from it."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.organisation import actions, queries
from jike.apps.organisation.models import Grant, Person, Role
from jike.apps.organisation.rules import (
    GRANTS,
    READY_MADE,
    administrative_domains,
    domains_conflict,
    role_may_hold,
    terms_overlap,
)
from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, Refused, RuleBroken, Stale
from jike.foundation.scope import permission_catalogue, visible
from jike.values.identifiers import uid7
from jike.values.rights import Breadth, Domain
from tests.apps.organisation.conftest import in_days
from tests.making import SYSTEM, a_deputy, acting

TODAY = dt.date(2026, 11, 23)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
TERMS = st.tuples(DAYS, st.none() | DAYS).filter(lambda term: term[1] is None or term[0] < term[1])


@given(TERMS, TERMS)
def test_terms_overlap_when_a_day_lies_in_both(one, other):
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(400)]

    def within(term):
        return {day for day in days if term[0] <= day and (term[1] is None or day < term[1])}

    assert terms_overlap(one, other) == bool(within(one) & within(other)) == terms_overlap(other, one)


@given(st.lists(st.sampled_from(Domain)))
def test_administrations_conflict_when_two_kinds_meet(domains):
    assert domains_conflict(domains) == (len(administrative_domains(domains)) > 1)
    assert Domain.BUSINESS not in administrative_domains(domains)


@pytest.mark.parametrize("role", READY_MADE, ids=lambda role: role.code)
def test_ready_made_roles_hold_only_what_their_side_allows(role):
    catalogue = permission_catalogue()
    for permission in GRANTS[role.code]:
        assert role_may_hold(role.domain, permission, catalogue[permission].domain), permission


def test_installing_the_ready_made_roles_again_keeps_what_was_edited(organisation):
    role = organisation.roles["county_head"]
    sec = organisation.actor("SEC")
    actions.set_grant(role, actor=sec, permission="organisation.post:view", breadth=None, seen=Breadth.BELOW)
    actions.set_grant(
        role, actor=sec, permission="organisation.person:view", breadth=Breadth.TEAM, seen=Breadth.BELOW
    )
    actions.install_ready_made_roles(actor=SYSTEM)
    held = dict(Grant.objects.filter(role=role, removed_at=None).values_list("permission", "breadth"))
    assert "organisation.post:view" not in held
    assert held["organisation.person:view"] == "team"


def test_a_right_takes_effect_with_the_next_request_of_its_holder(organisation):
    role, sec = organisation.roles["account_manager"], organisation.actor("SEC")
    assert {person.staff_no for person in visible(Person, organisation.actor("AM"))} == {"AM"}
    actions.set_grant(
        role, actor=sec, permission="organisation.person:view", breadth=Breadth.ALL, seen=Breadth.TEAM
    )
    assert visible(Person, organisation.actor("AM")).count() == 5
    actions.set_grant(role, actor=sec, permission="organisation.person:view", breadth=None, seen=Breadth.ALL)
    assert {person.staff_no for person in visible(Person, organisation.actor("AM"))} == {"AM"}
    assert history_of(role, sec)[0].values == {"organisation.person:view": ("all", None)}


def test_a_cell_that_somebody_changed_meanwhile_is_not_overwritten(organisation):
    role, sec = organisation.roles["analyst"], organisation.actor("SEC")
    actions.set_grant(
        role, actor=sec, permission="organisation.unit:view", breadth=Breadth.ALL, seen=Breadth.BELOW
    )
    with pytest.raises(Stale):
        actions.set_grant(
            role, actor=sec, permission="organisation.unit:view", breadth=None, seen=Breadth.BELOW
        )


def test_roles_stay_on_their_side(organisation):
    sec = organisation.actor("SEC")
    for role, permission in (
        ("analyst", "organisation.role:grant"),
        ("system_admin", "organisation.role:grant"),
        ("audit_admin", "organisation.person:add"),
        ("system_admin", "organisation.deputy:add"),
    ):
        with pytest.raises(RuleBroken):
            actions.set_grant(organisation.roles[role], actor=sec, permission=permission, breadth=Breadth.ALL)
    with pytest.raises(Invalid):
        actions.set_grant(
            organisation.roles["analyst"], actor=sec, permission="no.such:thing", breadth=Breadth.ALL
        )


def test_nobody_edits_a_role_they_hold_nor_the_last_vital_right(organisation):
    sec, roles = organisation.actor("SEC"), organisation.roles
    with pytest.raises(RuleBroken):
        actions.set_grant(
            roles["security_admin"], actor=sec, permission="organisation.person:view", breadth=None
        )
    with pytest.raises(RuleBroken):
        actions.set_grant(
            roles["system_admin"],
            actor=sec,
            permission="organisation.person:add",
            breadth=None,
            seen=Breadth.ALL,
        )


def test_only_security_administrators_touch_roles_and_posts(organisation):
    person, role = organisation.people["AM"], organisation.roles["analyst"]
    for staff_no in ("SYS", "AUD", "HEAD", "AM"):
        actor = organisation.actor(staff_no)
        with pytest.raises(Refused):
            actions.set_grant(role, actor=actor, permission="organisation.unit:view", breadth=Breadth.ALL)
        with pytest.raises(Refused):
            actions.add_role(actor=actor, code="own", name="自设", name_en="Own")
        if staff_no != "AM":
            with pytest.raises(Refused):
                actions.assign_post(person, actor=actor, unit=person.unit, role=role, since=TODAY)


def test_nobody_gives_posts_to_themselves(organisation):
    sec, me = organisation.actor("SEC"), organisation.people["SEC"]
    with pytest.raises(RuleBroken):
        actions.assign_post(me, actor=sec, unit=me.unit, role=organisation.roles["analyst"], since=TODAY)
    with pytest.raises(RuleBroken):
        actions.end_post(me.posts.get(), actor=sec, on=TODAY)


def test_nobody_holds_two_kinds_of_administration_at_a_time(organisation):
    sec, person, roles = organisation.actor("SEC"), organisation.people["AM"], organisation.roles
    unit, today = person.unit, timezone.localdate()
    actions.assign_post(
        person,
        actor=sec,
        unit=unit,
        role=roles["system_admin"],
        since=today,
        until=today + dt.timedelta(days=10),
    )
    with pytest.raises(RuleBroken):
        actions.assign_post(
            person, actor=sec, unit=unit, role=roles["audit_admin"], since=today + dt.timedelta(days=9)
        )
    later = today + dt.timedelta(days=10)
    actions.assign_post(person, actor=sec, unit=unit, role=roles["audit_admin"], since=later)


def test_the_last_post_of_an_administration_cannot_end(organisation):
    sec = organisation.actor("SEC")
    post = organisation.people["AUD"].posts.get()
    with pytest.raises(RuleBroken):
        actions.end_post(post, actor=sec, on=timezone.localdate())
    organisation.person("AUD2", "audit_admin", "HQ")
    actions.end_post(post, actor=sec, on=timezone.localdate() + dt.timedelta(days=1))


def test_a_post_carries_rights_only_from_its_first_to_before_its_last_day(organisation):
    sec, person = organisation.actor("SEC"), organisation.people["AM"]
    today = timezone.localdate()
    first, last = today + dt.timedelta(days=5), today + dt.timedelta(days=8)
    unit, role = organisation.units["SZ"], organisation.roles["city_head"]
    actions.assign_post(person, actor=sec, unit=unit, role=role, since=first, until=last)
    held = []
    for day in range(10):
        actor = queries.actor_of(person, now=in_days(day), request=uid7())
        held.append(unit.pk in actor.reach("organisation.person:view").units)
    assert held == [5 <= day < 8 for day in range(10)]


def test_the_same_post_is_given_once(organisation):
    sec, person = organisation.actor("SEC"), organisation.people["AM"]
    with pytest.raises(RuleBroken):
        actions.assign_post(
            person,
            actor=sec,
            unit=person.unit,
            role=organisation.roles["account_manager"],
            since=timezone.localdate(),
        )


def test_held_and_ready_made_roles_stay(organisation):
    sec = organisation.actor("SEC")
    for code in ("analyst", "account_manager"):
        with pytest.raises(RuleBroken):
            actions.remove_role(organisation.roles[code], actor=sec)
    own = actions.add_role(actor=sec, code="own", name="自设", name_en="Own")
    actions.remove_role(own, actor=sec)
    assert not Role.objects.filter(code="own", removed_at=None).exists()


def test_a_deputy_sees_what_is_the_principals_own_for_that_time_only(organisation):
    other = organisation.person("AM2", "account_manager", "SZ")
    me = organisation.people["AM"]
    actions.appoint_deputy(
        me, actor=organisation.actor("AM"), deputy=other, since=timezone.now(), until=in_days(2)
    )
    assert visible(Person, acting(other)).filter(pk=me.pk).exists()
    later = queries.actor_of(other, now=in_days(3), request=uid7())
    assert not visible(Person, later).filter(pk=me.pk).exists()


def test_deputies_of_deputies_gain_nothing(organisation):
    first, second = (
        organisation.person("AM2", "account_manager", "SZ"),
        organisation.person("AM3", "account_manager", "YX"),
    )
    a_deputy(organisation.people["AM"], first)
    a_deputy(first, second)
    assert organisation.people["AM"].pk not in acting(second).owners
    with pytest.raises(Refused):
        actions.appoint_deputy(
            organisation.people["AM"],
            actor=acting(first),
            deputy=second,
            since=timezone.now(),
            until=in_days(1),
        )
    with pytest.raises(Refused):
        actions.end_deputy(organisation.people["AM"].deputies.get(), actor=acting(first), now=timezone.now())


def test_a_deputy_does_not_act_on_the_principals_account(organisation):
    deputy = organisation.person("AM2", "account_manager", "SZ")
    a_deputy(organisation.people["AM"], deputy)
    for act in (
        lambda: actions.set_preferences(organisation.people["AM"], actor=acting(deputy), theme="dark"),
        lambda: actions.sign_out_everywhere(organisation.people["AM"], actor=acting(deputy)),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_heads_appoint_for_their_people_and_only_for_them(organisation):
    outside = organisation.person("AM2", "account_manager", "SZ")
    head = organisation.actor("HEAD")
    span = {"since": timezone.now(), "until": in_days(3)}
    row = actions.appoint_deputy(organisation.people["AM"], actor=head, deputy=outside, **span)
    actions.end_deputy(row, actor=head, now=timezone.now())
    with pytest.raises(Refused):
        actions.appoint_deputy(outside, actor=head, deputy=organisation.people["AM"], **span)


def test_standing_in_has_an_end_within_a_year(organisation):
    me, other = organisation.people["AM"], organisation.people["HEAD"]
    for since, until in ((in_days(2), in_days(1)), (in_days(0), in_days(400))):
        with pytest.raises(Invalid):
            actions.appoint_deputy(me, actor=organisation.actor("AM"), deputy=other, since=since, until=until)
    with pytest.raises(Invalid):
        actions.appoint_deputy(
            me, actor=organisation.actor("AM"), deputy=me, since=in_days(0), until=in_days(1)
        )


def test_a_token_acts_within_its_scopes_and_its_persons_rights(organisation):
    person = organisation.person("AN", "analyst", "GZ")
    scopes = ["organisation.unit:view"]
    token, secret = actions.issue_token(
        actor=acting(person), name="BI", scopes=scopes, expires_at=in_days(30)
    )
    assert secret not in str(history_of(token, SYSTEM))
    assert token.digest not in str(history_of(token, SYSTEM))
    found = queries.actor_of_token(secret, now=timezone.now(), request=uid7())
    assert found is not None
    actor = found[0]
    assert set(actor.grants) == set(scopes)
    assert actor.reach(scopes[0]) == acting(person).reach(scopes[0])
    actions.set_grant(
        organisation.roles["analyst"],
        actor=organisation.actor("SEC"),
        permission=scopes[0],
        breadth=None,
        seen=Breadth.BELOW,
    )
    found = queries.actor_of_token(secret, now=timezone.now(), request=uid7())
    assert found is not None
    assert not found[0].grants


def test_forged_revoked_expired_and_orphaned_tokens_are_nobody(organisation):
    person = organisation.person("AN", "analyst", "GZ")
    issued = [
        actions.issue_token(
            actor=acting(person), name=f"T{number}", scopes=["organisation.unit:view"], expires_at=in_days(30)
        )
        for number in range(2)
    ]
    (first, first_secret), (_second, second_secret) = issued

    def works(secret, now=None):
        return queries.actor_of_token(secret, now=now or timezone.now(), request=uid7()) is not None

    for forged in (
        "",
        "jike_",
        first_secret[:-1],
        first_secret + "x",
        first.prefix,
        first.digest,
        "\0",
        "\ud800",
    ):
        assert not works(forged)
    assert works(first_secret)
    assert not works(first_secret, in_days(31))
    actions.revoke_token(first, actor=organisation.actor("SEC"))
    assert not works(first_secret)
    actions.disable_person(person, actor=organisation.actor("SYS"))
    assert not works(second_secret)


def test_a_tokens_name_is_given_once_per_person_until_it_is_taken_back(organisation):
    people = [organisation.person(number, "analyst", "GZ") for number in ("AN1", "AN2")]

    def issue(person, name):
        scopes = ["organisation.unit:view"]
        return actions.issue_token(actor=acting(person), name=name, scopes=scopes, expires_at=in_days(30))[0]

    first = issue(people[0], "BI")
    with pytest.raises(Invalid):
        issue(people[0], " BI ")
    issue(people[1], "BI")
    actions.revoke_token(first, actor=acting(people[0]))
    assert issue(people[0], "BI").pk != first.pk


def test_tokens_are_issued_for_oneself_within_what_ones_posts_carry(organisation):
    person = organisation.person("AN", "analyst", "GZ")
    for scopes in ([], ["organisation.role:grant"], ["organisation.person:set_password"], ["no.such:thing"]):
        with pytest.raises(Invalid):
            actions.issue_token(actor=acting(person), name="BI", scopes=scopes, expires_at=in_days(30))
    for expiry in (in_days(-1), in_days(500)):
        with pytest.raises(Invalid):
            actions.issue_token(
                actor=acting(person), name="BI", scopes=["organisation.unit:view"], expires_at=expiry
            )
    with pytest.raises(Refused):
        actions.issue_token(
            actor=organisation.actor("AM"),
            name="BI",
            scopes=["organisation.unit:view"],
            expires_at=in_days(30),
        )


def test_seeing_as_somebody_reads_their_view_writes_nothing_and_is_recorded(organisation):
    am = organisation.people["AM"]
    actions.start_seeing_as(am, actor=organisation.actor("SEC"))
    sec = organisation.people["SEC"]
    seen = queries.actor_of(sec, now=timezone.now(), request=uid7(), see_as=am.uid)
    assert (seen.uid, seen.on_behalf) == (am.uid, sec.uid)
    assert list(visible(Person, seen)) == list(visible(Person, acting(am)))
    with pytest.raises(Refused):
        actions.set_preferences(am, actor=seen, theme="dark")
    with pytest.raises(Refused):
        actions.sign_out_everywhere(am, actor=seen)
    assert history_of(am, SYSTEM)[0].verb == "see_as"


def test_who_becomes_an_administrator_is_seen_through_no_longer(organisation):
    am, sec = organisation.people["AM"], organisation.people["SEC"]
    actions.start_seeing_as(am, actor=organisation.actor("SEC"))
    facts = {"unit": organisation.units["HQ"], "role": organisation.roles["audit_admin"]}
    actions.assign_post(am, actor=SYSTEM, since=timezone.localdate(), **facts)
    actor = queries.actor_of(sec, now=timezone.now(), request=uid7(), see_as=am.uid)
    assert (actor.uid, actor.on_behalf) == (sec.uid, None)


def test_only_security_administrators_see_as_others_and_never_as_administrators(organisation):
    for staff_no in ("SYS", "AUD", "HEAD", "AM"):
        person = organisation.people[staff_no]
        with pytest.raises(Refused):
            actions.start_seeing_as(organisation.people["AM"], actor=acting(person))
        actor = queries.actor_of(
            person, now=timezone.now(), request=uid7(), see_as=organisation.people["SEC"].uid
        )
        assert (actor.uid, actor.on_behalf) == (person.uid, None)
    with pytest.raises(RuleBroken):
        actions.start_seeing_as(organisation.people["AUD"], actor=organisation.actor("SEC"))
