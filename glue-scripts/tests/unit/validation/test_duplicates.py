"""Duplicates in one file: one of several equal rows is effective, in whatever order they come."""

import itertools
import random
from datetime import date
from typing import Any

import duckdb
import pytest
from support.world import World

from sql.database import read_sql

HEADER = "user_id,track_id,listen_time,event_id,ms_played,completed,device_type"
COLUMNS = "event_id, user_id, track_id, ms_played, completed, device_type"


def effective(world: World, rows: list[str]) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, int]]:
    """Returns date → accepted rows, and the ledger."""
    file = world.put("a.csv", "\n".join([HEADER, *rows]).encode())
    (validated,) = world.ingest_and_validate(file)["files"]
    return world.accepted(file, COLUMNS), validated["ledger"]


#: Each row comes before the next in the order of precedence.
RANKED = [
    "u1,t1,2018-11-15 10:00:00,,50000,true,phone",
    "u1,t1,2018-11-15 10:00:00,,50000,false,car",
    "u1,t1,2018-11-15 10:00:00,,50000,,car",
    "u1,t1,2018-11-15 10:00:00,,50000,,phone",
    "u1,t1,2018-11-15 10:00:00,,50000,,",
    "u1,t1,2018-11-15 10:00:00,,7,true,car",
    "u1,t1,2018-11-15 10:00:00,,,true,car",
]


@pytest.mark.parametrize("pair", list(itertools.pairwise(RANKED)))
@pytest.mark.parametrize("swapped", [False, True])
def test_the_first_of_two_duplicates_by_precedence_is_effective_in_either_order(
    known: World, pair: tuple[str, str], swapped: bool
) -> None:
    found, ledger = effective(known, list(reversed(pair)) if swapped else list(pair))
    only, _ = effective(known, [pair[0]])
    assert found == only
    assert (ledger["accepted"], ledger["duplicate"]) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("u2,t1,2018-11-15 10:00:00,e1,5,,", id="user"),
        pytest.param("u1,t2,2018-11-15 10:00:00,e1,5,,", id="track"),
        pytest.param("u1,t1,2018-11-15 10:00:00.001,e1,5,,", id="time"),
        pytest.param("u1,t1,2018-11-16 10:00:00,e1,5,,", id="date"),
        pytest.param("u1,t1,2018-11-15 10:00:00,e2,5,,", id="event id"),
        pytest.param("u1,t1,2018-11-15 10:00:00,,5,,", id="no event id"),
    ],
)
def test_rows_that_differ_in_a_part_of_their_identity_are_no_duplicates(known: World, other: str) -> None:
    _, ledger = effective(known, ["u1,t1,2018-11-15 10:00:00,e1,5,,", other])
    assert (ledger["accepted"], ledger["duplicate"]) == (2, 0)


@pytest.mark.parametrize("event_id", ["e1", ""])
def test_rows_with_the_same_identity_are_duplicates_however_their_time_is_written(known: World, event_id: str) -> None:
    times = ["2018-11-15 10:00:00", "2018-11-15T10:00:00.000Z", "2018-11-15T12:00:00+02:00", "1542276000"]
    found, ledger = effective(known, [f"u1,t1,{time},{event_id},5,," for time in times])
    assert found == {"2018-11-15": [(event_id or None, "u1", "t1", 5, None, None)]}
    assert (ledger["accepted"], ledger["duplicate"]) == (1, 3)


def test_a_quarantined_row_is_no_duplicate(known: World) -> None:
    _, ledger = effective(known, ["u1,t1,2018-11-15 10:00:00,e1,bad,,", "u1,t1,2018-11-15 10:00:00,e1,,,"])
    assert ledger == {"read": 2, "accepted": 1, "quarantined": {"bad_number": 1}, "duplicate": 0}


def test_any_order_of_many_duplicates_gives_the_same_rows(known: World) -> None:
    chance = random.Random(4)
    rows = [
        f"u{chance.randint(1, 2)},t1,2018-11-1{chance.randint(4, 6)} 10:00:0{chance.randint(0, 9)},"
        f"{chance.choice(['', 'e1', 'e2'])},{chance.choice(['', '1', '2'])},{chance.choice(['', 'true'])},"
        for _ in range(300)
    ]
    first = effective(known, rows)
    chance.shuffle(rows)
    assert effective(known, rows) == first


def accepted_rows(chance: random.Random, count: int) -> list[tuple[Any, ...]]:
    """Makes rows with a further column, many of them duplicates."""
    day = f"2018-11-1{chance.randint(4, 5)}"
    return [
        (
            chance.choice(["u1", "u2"]), chance.choice(["t1", "t2"]), f"{day} 10:00:0{chance.randint(0, 3)}",
            chance.choice([None, "e1"]), chance.choice([None, 1, 2]), chance.choice([None, True, False]),
            chance.choice([None, "car", "tv"]), chance.choice([None, "Berlin", "Oslo"]), day,
        )
        for _ in range(count)
    ]  # fmt: skip


#: The rule of sql/validation/effective.sql without its shortcut: every row is ranked.
PLAIN = """
select *
from accepted
qualify row_number() over (
  partition by user_id, track_id, listen_time, event_id
  order by ms_played desc nulls last, completed desc nulls last, device_type nulls last, city
) = 1
"""


@pytest.mark.parametrize("seed", range(10))
def test_ranking_only_rows_that_share_a_hash_equals_ranking_all(seed: int) -> None:
    rows = accepted_rows(random.Random(seed), 200)
    with duckdb.connect() as database:
        database.execute(
            "create table accepted (user_id varchar, track_id varchar, listen_time timestamp, event_id varchar,"
            " ms_played bigint, completed boolean, device_type varchar, city varchar, event_date date)"
        )
        database.executemany("insert into accepted values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        found = database.execute(f"from ({read_sql('validation', 'effective')}) order by all").fetchall()
        assert found == database.execute(f"from ({PLAIN}) order by all").fetchall()


@pytest.mark.parametrize(
    ("rows", "reused"),
    [
        pytest.param(["u1,t1,2018-11-15 10:00:00,e1,5,,", "u1,t1,2018-11-15 10:00:00,e2,5,,"], 0, id="none"),
        pytest.param(["u1,t1,2018-11-15 10:00:00,e1,5,,", "u1,t1,2018-11-15 10:00:00,e1,9,,"], 0, id="duplicate"),
        pytest.param(["u1,t1,2018-11-15 10:00:00,,5,,", "u1,t1,2018-11-15 11:00:00,,5,,"], 0, id="no event id"),
        pytest.param(["u1,t1,2018-11-15 10:00:00,e1,5,,", "u1,t1,2018-11-16 10:00:00,e1,5,,"], 1, id="two dates"),
        pytest.param(["u1,t1,2018-11-15 10:00:00,e1,5,,", "u9,t1,2018-11-15 10:00:00,e1,5,,"], 0, id="quarantined"),
        pytest.param(
            [f"u{user},t1,2018-11-15 10:00:00,{event_id},5,," for user in (1, 1, 2) for event_id in ("a", "b", "")],
            2,
            id="two ids",
        ),
    ],
)
def test_event_ids_that_name_several_different_rows_are_counted(known: World, rows: list[str], reused: int) -> None:
    file = known.put("a.csv", "\n".join([HEADER, *rows]).encode())
    (validated,) = known.ingest_and_validate(file)["files"]
    assert (validated["reused_event_ids"], known.entry(file)["reused_event_ids"]) == (reused, reused)


def test_reused_event_ids_are_logged(known: World, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["u1,t1,2018-11-15 10:00:00,e1,5,,", "u2,t1,2018-11-15 10:00:00,e1,5,,"]
    known.validate_file("\n".join([HEADER, *rows]).encode())
    (line,) = [line for line in capsys.readouterr().out.splitlines() if '"event": "event_ids_reused"' in line]
    assert '"level": "WARNING"' in line
    assert '"key": "streams/a.csv", "version": 1, "reused_event_ids": 1' in line


def test_a_file_of_thousands_of_dates_is_validated_in_little_memory(known: World) -> None:
    days = [date.fromordinal(date(2001, 1, 1).toordinal() + number) for number in range(1000)]
    rows = "".join(f"u1,t1,{day} 10:00:00,,,,\n" * 2 + f"x,t1,{day} 10:00:00,,,,\n" for day in days)
    file = known.put("a.csv", f"{HEADER}\n{rows}".encode())
    (validated,) = known.ingest_and_validate(file, memory_limit="60MB")["files"]
    assert validated["ledger"] == {
        "read": 3000,
        "accepted": 1000,
        "quarantined": {"unknown_user": 1000},
        "duplicate": 1000,
    }
    assert validated["dates"] == {str(day): 1 for day in days}
