"""Which version of a file was decided last, and which ones a version replaces."""

from typing import Any

import pytest
from support.version_cases import CASES, file_of, number

from validation.decided_versions import is_superseded, latest_decided_version, replaced_dates

#: Shared case -> the latest version that counts or is on hold.
DECIDED = {
    "a file that has arrived": None,
    "an archived file": 1,
    "a correction counts once it is validated": 2,
    "a version that its correction superseded": 2,
    "a correction in progress": 1,
    "a correction on hold": 2,
    "a rejected correction": 1,
    "a correction that a person rejected": 1,
    "a rejected correction of a file on hold": 1,
    "nothing but rejected content": None,
    "a replay in progress": 1,
    "a replay that is validated": 2,
    "a released file": 2,
    "a rejected replay changes nothing": 1,
    "a rejected replay of a file on hold changes nothing": 1,
    "a replay on hold changes nothing while its content counts": 1,
    "nor does a replay on hold of such a replay": 1,
    "a replay that is put on hold again": 2,
    "a person's rejection of a file that was on hold twice": None,
    "an erasure below a correction on hold": 2,
    "an erasure below a rejected correction": 3,
    "a correction that is released after an erasure": 4,
    "a further correction after an erasure": 2,
    "newer content counts although older content was reprocessed later": 2,
}


def test_every_shared_case_has_a_decided_version_or_none() -> None:
    assert [*DECIDED] == [case["name"] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_latest_decided_version_of_a_shared_case(case: dict[str, Any]) -> None:
    assert number(latest_decided_version(file_of(*case["versions"]))) == DECIDED[case["name"]]


def test_a_version_replaces_the_dates_of_all_earlier_versions_that_counted() -> None:
    file = file_of(
        {"state": "archived", "dates": {"2018-11-15": 1}},
        {"state": "held", "dates": {}},
        {"state": "archived", "of": 1, "dates": {"2018-11-16": 1}},
        {"state": "running", "of": 2},
    )
    assert replaced_dates(file, file["versions"][3]) == {"2018-11-15", "2018-11-16"}
    assert replaced_dates(file, file["versions"][2]) == {"2018-11-15"}


def test_a_version_is_superseded_once_a_later_one_counts() -> None:
    file = file_of({"state": "running"}, {"state": "held"}, {"state": "validated"})
    assert [is_superseded(file, entry) for entry in file["versions"]] == [True, True, False]
