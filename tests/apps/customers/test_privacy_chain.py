"""Erasing a person leaves the chain of seals verifiable."""

from jike.apps.customers.actions import change_key_person, forget_person
from jike.foundation.audit import verify
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import SYSTEM, seal_everything


def test_the_chain_verifies_after_a_person_was_erased(committed_db):
    person = a_key_person(a_customer(), "欧阳牧野", phone="13800138123")
    change_key_person(person, actor=SYSTEM, job_title="总经理")
    seal_everything()
    forget_person(person, actor=SYSTEM)
    seal_everything()
    assert verify().sound
