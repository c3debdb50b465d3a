"""uids are ordered and unique; credit codes are checked as GB 32100-2015 says, with leniency where reality needs it."""

import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import CreditCode, InvalidValue, uid7
from jike.values.identifiers import (
    CREDIT_ALPHABET,
    credit_check_character,
    organisation_check_character,
    organisation_code_verified,
    uid7_time,
)

REAL_CODES = ("91110000600037341L", "91350100M000100Y43", "91110108551385082Q")
MOMENTS = st.integers(0, 200 * 365 * 86_400_000_000).map(
    lambda passed: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=passed)
)
FIRST_17 = st.tuples(st.sampled_from("123456789ANY"), st.text(CREDIT_ALPHABET, min_size=16, max_size=16)).map(
    "".join
)


def test_uids_of_a_process_are_ordered_and_of_version_7() -> None:
    uids = [uid7() for _ in range(20_000)]
    assert uids == sorted(set(uids))
    assert {(uid.version, uid.variant) for uid in uids} == {(7, RFC_4122)}
    assert abs(uid7_time(uids[-1]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_uids_are_unique_and_ordered_within_each_of_many_threads() -> None:
    made: list[list[UUID]] = [[] for _ in range(8)]
    threads = [
        threading.Thread(target=lambda own: own.extend(uid7() for _ in range(4_000)), args=(own,))
        for own in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({uid for own in made for uid in own}) == 8 * 4_000
    assert all(own == sorted(own) for own in made)


@given(st.lists(MOMENTS, max_size=20))
def test_uids_of_given_times_carry_and_follow_them(moments: list[datetime]) -> None:
    moments.sort()
    uids = [uid7(moment) for moment in moments for _ in range(2)]
    assert uids == sorted(set(uids))
    for moment, uid in zip(moments, uids[::2], strict=True):
        assert timedelta(0) <= moment - uid7_time(uid) < timedelta(milliseconds=1)


FORKING = """
import os
from jike.values import uid7
uid7()
child = os.fork()
made = [uid7() for _ in range(200)]
if child:
    os.waitpid(child, 0)
print(*made, flush=True)
"""


def test_a_forked_process_makes_other_uids() -> None:
    made = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(made) == len(set(made)) == 400


def test_a_uid_needs_a_moment_with_zone_after_1970() -> None:
    with pytest.raises(InvalidValue, match="time zone"):
        uid7(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(InvalidValue, match="after 1970"):
        uid7(datetime(1969, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("code", REAL_CODES)
def test_real_codes_are_verified(code: str) -> None:
    found = CreditCode(code)
    assert found.verified
    assert found.notice is None
    assert organisation_code_verified(found.organisation_code)


def test_a_real_code_with_a_wrong_check_character_is_accepted_with_a_notice() -> None:
    found = CreditCode.parse("91350211M0000XUF46")
    assert not found.verified
    assert found.notice is not None
    assert found.notice.code == "credit_code.check"
    assert "should be R, not 6" in found.notice.message


@given(FIRST_17)
def test_generated_codes_are_verified(first: str) -> None:
    assert CreditCode(first + credit_check_character(first)).verified


@given(FIRST_17, st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_each_change_of_one_character_is_detected(first: str, position: int, character: str) -> None:
    code = first + credit_check_character(first)
    changed = code[:position] + character + code[position + 1 :]
    if changed[0] not in "123456789ANY":
        with pytest.raises(InvalidValue, match="cannot begin with"):
            CreditCode(changed)
    else:
        assert CreditCode(changed).verified == (changed == code)


@given(st.text(max_size=40))
def test_any_text_is_either_a_code_or_refused(text: str) -> None:
    with suppress(InvalidValue):
        assert len(CreditCode.parse(text).value) == 18


def test_a_code_is_read_as_people_paste_it() -> None:
    assert CreditCode.parse(" ９１１１０００0-6000 37341l\u200b") == CreditCode("91110000600037341L")
    assert CreditCode("91110000600037341L").region == "110000"
    assert CreditCode("91110000600037341L").authority == "9"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9111000060003734", "credit_code.length"),
        ("91110000600037341L0", "credit_code.length"),
        ("9111000060003734IL", "credit_code.alphabet"),
        ("B1110000600037341L", "credit_code.first"),
        ("９" * 17 + "\0", "credit_code.alphabet"),
    ],
)
def test_wrong_form_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidValue, match="unified social credit code") as caught:
        CreditCode.parse(text)
    assert caught.value.code == code


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_generated_organisation_codes_are_verified(first: str) -> None:
    check = organisation_check_character(first)
    assert organisation_code_verified(f"{first}-{check}")
    assert not organisation_code_verified(first + ("1" if check != "1" else "2"))


def test_what_is_no_organisation_code_is_refused() -> None:
    with pytest.raises(InvalidValue, match="organisation code"):
        organisation_code_verified("6000373")
