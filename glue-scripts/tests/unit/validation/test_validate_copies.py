"""Copies of a listen inside one file: one stands, whatever came first."""

import itertools
import random
from datetime import date

import pytest
from support.world import World

HEADER = "user_id,track_id,listen_time,event_id,ms_played,completed,device_type"
COLUMNS = "event_id, user_id, track_id, ms_played, completed, device_type"


def standing(world: World, rows: list[str]) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, int]]:
    file = world.put("a.csv", "\n".join([HEADER, *rows]).encode())
    run_id = world.form(file)
    world.ingest(run_id)
    (told,) = world.validate(run_id)["files"]
    return world.accepted(file, COLUMNS), told["ledger"]


#: Better copies first.
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
def test_the_better_of_two_copies_stands_in_either_order(known: World, pair: tuple[str, str], swapped: bool) -> None:
    found, ledger = standing(known, list(reversed(pair)) if swapped else list(pair))
    only, _ = standing(known, [pair[0]])
    assert found == only
    assert (ledger["accepted"], ledger["duplicate"]) == (1, 1)


def test_rows_with_an_event_id_are_copies_whatever_else_they_say(known: World) -> None:
    rows = [
        "u2,t2,2018-11-16 10:00:00,e1,5,,",
        "u1,t1,2018-11-15 10:00:00,e1,5,,",
        "u1,t1,2018-11-15 10:00:00,e2,5,,",
        "u1,t1,2018-11-15 10:00:00,,5,,",
    ]
    found, ledger = standing(known, rows)
    assert found == {
        "2018-11-15": [
            ("e1", "u1", "t1", 5, None, None),
            ("e2", "u1", "t1", 5, None, None),
            (None, "u1", "t1", 5, None, None),
        ]
    }
    assert (ledger["accepted"], ledger["duplicate"]) == (3, 1)


def test_the_same_user_at_the_same_moment_with_another_track_is_no_copy(known: World) -> None:
    found, ledger = standing(known, ["u1,t1,2018-11-15 10:00:00,,,,", "u1,t2,2018-11-15 10:00:00.000,,,,"])
    assert len(found["2018-11-15"]) == 2
    assert ledger["duplicate"] == 0


def test_a_rejected_row_is_nobodys_copy(known: World) -> None:
    _, ledger = standing(known, ["u1,t1,2018-11-15 10:00:00,e1,bad,,", "u1,t1,2018-11-15 10:00:00,e1,,,"])
    assert ledger == {"read": 2, "accepted": 1, "quarantined": {"bad_number": 1}, "duplicate": 0}


def test_a_date_whose_only_rows_were_copies_is_not_left_behind(known: World) -> None:
    file = known.put(
        "a.csv", f"{HEADER}\nu1,t1,2018-11-15 10:00:00,e1,9,,\nu1,t1,2018-11-14 10:00:00,e1,5,,\n".encode()
    )
    run_id = known.form(file)
    known.ingest(run_id)
    result = known.validate(run_id)
    assert result["files"][0]["dates"] == {"2018-11-15": 1}
    assert not list(known.store.list("validated/event_date=2018-11-14/"))


def test_event_ids_are_written_for_finding_copies_on_other_dates(known: World) -> None:
    file = known.put("a.csv", f"{HEADER}\nu1,t1,2018-11-15 10:00:00,e1,9,,\nu1,t1,2018-11-14 10:00:00,,5,,\n".encode())
    run_id = known.form(file)
    known.ingest(run_id)
    known.validate(run_id)
    assert known.entry(file)["has_event_ids"]
    (ids,) = known.store.list("validated/event_ids/")
    assert [(event_id, str(date)) for event_id, date in known.rows(ids.key)] == [("e1", "2018-11-15")]


def test_any_order_of_many_copies_gives_the_same_rows(known: World) -> None:
    chance = random.Random(4)
    rows = [
        f"u{chance.randint(1, 2)},t1,2018-11-1{chance.randint(4, 6)} 10:00:0{chance.randint(0, 9)},"
        f"{chance.choice(['', 'e1', 'e2'])},{chance.choice(['', '1', '2'])},{chance.choice(['', 'true'])},"
        for _ in range(300)
    ]
    first = standing(known, rows)
    chance.shuffle(rows)
    assert standing(known, rows) == first


def test_a_file_of_thousands_of_dates_fits_into_little_memory(known: World) -> None:
    days = [date.fromordinal(date(2001, 1, 1).toordinal() + number) for number in range(1000)]
    rows = "".join(f"u1,t1,{day} 10:00:00,,,,\n" * 2 + f"x,t1,{day} 10:00:00,,,,\n" for day in days)
    file = known.put("a.csv", f"{HEADER}\n{rows}".encode())
    run_id = known.form(file)
    known.ingest(run_id)
    (told,) = known.validate(run_id, memory_limit="60MB")["files"]
    assert told["ledger"] == {"read": 3000, "accepted": 1000, "quarantined": {"unknown_user": 1000}, "duplicate": 1000}
    assert told["dates"] == {str(day): 1 for day in days}
