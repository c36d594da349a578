"""Writes are cut by number and by bytes, and an item that no table takes is named."""

from typing import Any

import pytest

from load.table import Writes
from load.table_dynamodb import DynamoDbTable
from load.transactions import ACTIONS, ITEM_BYTES, TRANSACTION_BYTES, ItemTooLargeError, transactions, value_bytes

D = "2018-11-15"


def item(number: int, text: str = "") -> dict[str, Any]:
    return {"metric_key": f"user_daily#u{number}", "period": D, "text": text}


class Recorder:
    """A client that takes everything and keeps the requests."""

    def __init__(self) -> None:
        self.parts: list[list[Any]] = []

    def transact_write_items(self, TransactItems: list[Any]) -> None:  # noqa: N803 (boto3's name)
        self.parts.append(TransactItems)


def test_a_part_has_at_most_99_actions() -> None:
    assert [len(part) for part in transactions((n, 1) for n in range(250))] == [ACTIONS, ACTIONS, 52]


def test_parts_are_cut_by_bytes_and_keep_the_order() -> None:
    parts = list(transactions((n, TRANSACTION_BYTES // 2) for n in range(5)))
    assert parts == [[0, 1], [2, 3], [4]]


def test_a_hundred_items_of_50_kb_go_in_two_transactions_with_a_fence_each() -> None:
    client = Recorder()
    DynamoDbTable(client, "t").write(D, 1, Writes([item(n, "x" * 50_000) for n in range(100)], [("gone", D)]))
    assert [len(part) for part in client.parts] == [1 + 69, 1 + 32]
    assert all("Update" in part[0] for part in client.parts)


def test_an_item_that_dynamodb_does_not_store_is_named_before_anything_is_written() -> None:
    client = Recorder()
    with pytest.raises(ItemTooLargeError, match=r"user_daily#u7 / 2018-11-15 has about 4\d\d,\d\d\d bytes"):
        DynamoDbTable(client, "t").write(D, 1, Writes([item(1), item(7, "x" * ITEM_BYTES)], []))
    assert client.parts == []


@pytest.mark.parametrize(
    ("value", "size"), [("é", 2), (None, 1), (True, 1), (-123, 5), ([1, "a"], 3 + 3 + 2), ({"né": "a"}, 3 + 1 + 3 + 1)]
)
def test_the_size_of_a_value_counts_its_bytes_in_utf_8(value: Any, size: int) -> None:
    assert value_bytes(value) == size
