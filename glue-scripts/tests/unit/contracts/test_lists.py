"""The lists that the contracts generate: stages, columns, metrics."""

import pytest

from contracts.columns import ACCEPTED
from contracts.generated_data import generated_data
from contracts.metrics import list_fields, metrics, scalar_fields
from contracts.stages import BACKFILL_START, predecessor, stages


def test_stages_are_in_the_order_of_a_run_and_know_the_one_before() -> None:
    names = [entry["name"] for entry in stages()]
    assert (names[0], names[-1]) == ("ingest", "archive")
    assert [predecessor(name) for name in names] == [None, *names[:-1]]


def test_a_backfill_starts_at_a_stage_after_the_files_are_validated() -> None:
    names = [entry["name"] for entry in stages()]
    assert names.index(BACKFILL_START) > names.index("validate")


def test_the_accepted_columns_have_duckdb_types() -> None:
    types = {"user_id": "varchar", "listen_time": "timestamp", "ms_played": "bigint", "completed": "boolean"}
    assert {name: ACCEPTED[name] for name in types} == types


def test_the_entries_of_a_list_name_their_sql_columns() -> None:
    genre_daily = next(metric for metric in metrics() if metric["name"] == "genre_daily")
    assert "top_songs" not in scalar_fields(genre_daily)
    top_songs = list_fields(genre_daily)["top_songs"]
    assert top_songs["rank"] == {"type": "integer", "column": "rank"}
    assert top_songs["listen_count"] == {"type": "integer", "column": "song_listen_count"}


def test_a_missing_file_names_the_command_that_writes_it() -> None:
    with pytest.raises(FileNotFoundError, match="npm run generate"):
        generated_data("nothing")


def test_schemas_of_documents_are_read_as_package_resources() -> None:
    assert "FileDocument" in generated_data("schemas")
