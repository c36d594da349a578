"""sql/validation/validated.sql checks the reasons of the contract."""

import re

from contracts.generated_data import generated_data
from contracts.row_reasons import UNKNOWN_IDS
from sql.database import read_sql

BRANCH = re.compile(r"when (\w+) is not null\s+then \{reason: '(\w+)', detail: (\w+)\}")


def test_the_sql_checks_the_reasons_in_the_order_of_the_contract() -> None:
    branches = BRANCH.findall(read_sql("validation", "validated"))
    assert [reason for _, reason, _ in branches] == generated_data("row_reasons")["reasons"]
    assert all(len(set(branch)) == 1 for branch in branches)


def test_the_detail_of_an_unknown_id_begins_with_its_column() -> None:
    sql = read_sql("validation", "validated")
    for reason, found in UNKNOWN_IDS.items():
        assert f"then '{found.column}: ' || timed.{found.column} end as {reason}" in sql
