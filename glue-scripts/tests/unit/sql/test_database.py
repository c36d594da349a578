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


@pytest.mark.parametrize(("reorders", "disabled"), [(False, "build_side_probe_side,join_order"), (True, "")])
def test_joins_keep_their_order_unless_it_is_left_to_the_database(
    tmp_path: Path, reorders: bool, disabled: str
) -> None:
    with connect("100MB", tmp_path, ordered=False, reorders_joins=reorders).cursor() as cursor:
        found = cursor.execute("select current_setting('disabled_optimizers')").fetchone()
    assert found is not None
    assert ",".join(sorted(found[0].split(","))) == disabled


def test_literals_and_names_are_quoted(tmp_path: Path) -> None:
    with connect("100MB", tmp_path, ordered=True) as database:
        found = database.execute("select " + literal("it's") + " as " + quoted('a "b"'))
        assert ([column[0] for column in found.description or []], found.fetchone()) == (['a "b"'], ("it's",))
