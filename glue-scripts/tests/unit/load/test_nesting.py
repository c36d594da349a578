"""Flat rows become items as the contract says."""

from contracts.metrics import Metric
from kpi.metric_columns import object_columns
from load.nesting import nested

GENRES: Metric = {
    "name": "genre_daily",
    "key": "genre",
    "period": "date",
    "fields": {
        "listen_count": "integer",
        "songs": {
            "entries": {
                "rank": "integer",
                "track_id": "text",
                "listen_count": {"type": "integer", "column": "song_listen_count"},
            }
        },
    },
}
HOURS: Metric = {
    "name": "trending",
    "key": None,
    "period": "as_of",
    "fields": {"tracks": {"entries": {"rank": "integer", "track_id": "text"}}},
}
DAY: Metric = {"name": "overview", "key": None, "period": "date", "fields": {"listen_count": "integer"}}


def test_rows_of_a_key_become_the_entries_of_one_item() -> None:
    assert list(object_columns(GENRES)) == ["genre", "listen_count", "rank", "track_id", "song_listen_count"]
    rows = [("jazz", 3, 1, "t1", 2), ("jazz", 3, 2, "t2", 1), ("rock", 1, 1, "t3", 1)]
    assert list(nested(GENRES, rows)) == [
        {
            "genre": "jazz",
            "listen_count": 3,
            "songs": [
                {"rank": 1, "track_id": "t1", "listen_count": 2},
                {"rank": 2, "track_id": "t2", "listen_count": 1},
            ],
        },
        {"genre": "rock", "listen_count": 1, "songs": [{"rank": 1, "track_id": "t3", "listen_count": 1}]},
    ]


def test_an_item_without_entries_is_a_row_whose_entry_columns_are_null() -> None:
    assert list(nested(GENRES, [("pop", 0, None, None, None)])) == [{"genre": "pop", "listen_count": 0, "songs": []}]


def test_hours_are_items_of_their_own() -> None:
    rows = [("10:00", 1, "t1"), ("10:00", 2, "t2"), ("11:00", 1, "t1")]
    assert [(item["as_of"], len(item["tracks"])) for item in nested(HOURS, rows)] == [("10:00", 2), ("11:00", 1)]


def test_a_metric_without_lists_has_an_item_a_row() -> None:
    assert list(nested(DAY, [(5,), (6,)])) == [{"listen_count": 5}, {"listen_count": 6}]
