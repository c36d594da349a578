"""Databases of jobs: their cursors have the same settings."""

from pathlib import Path

import pytest

from sql.database import MAX_PARTITIONS, connect, literal, quoted


@pytest.mark.parametrize("ordered", [True, False])
def test_cursors_have_the_settings_of_their_database(tmp_path: Path, ordered: bool) -> None:
    settings = ("timezone", "preserve_insertion_order", "partitioned_write_max_open_files")
    select = ", ".join(f"current_setting('{name}')" for name in settings)
    with connect("100MB", tmp_path, ordered).cursor() as cursor:
        assert cursor.execute(f"select {select}").fetchone() == ("UTC", ordered, MAX_PARTITIONS)


def test_literals_and_names_are_quoted(tmp_path: Path) -> None:
    with connect("100MB", tmp_path, ordered=True) as database:
        found = database.execute("select " + literal("it's") + " as " + quoted('a "b"'))
        assert ([column[0] for column in found.description or []], found.fetchone()) == (['a "b"'], ("it's",))
