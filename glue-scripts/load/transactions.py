"""Cuts writes into transactions that DynamoDB accepts.

Limits are those of the Amazon DynamoDB Developer Guide, "Quotas": 100 actions and 4 MB of items a transaction, 400 KB
an item. Sizes follow its "DynamoDB item sizes and formats": names and values in UTF-8, rather more than less.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from load.table import Item, key_of

Action = TypeVar("Action")

#: Actions of one transaction beside the fence.
ACTIONS = 99
#: Bytes of one transaction's items: the limit with a margin for the fence and for the estimate.
TRANSACTION_BYTES = 3_500_000
ITEM_BYTES = 400 * 1024


class ItemTooLargeError(Exception):
    """An item exceeds what DynamoDB stores."""

    def __init__(self, item: Item, size: int) -> None:
        metric_key, period = key_of(item)
        super().__init__(
            f"The item {metric_key} / {period} has about {size:,} bytes, and DynamoDB stores at most {ITEM_BYTES:,}."
            " Shorten the texts in the reference files that it shows, then redrive kpi."
        )


def transactions(actions: Iterable[tuple[Action, int]]) -> Iterator[list[Action]]:
    """Yields the actions in order, in parts that are within the limits. Each action comes with its bytes."""
    part: list[Action] = []
    size = 0
    for action, added in actions:
        if len(part) == ACTIONS or (part and size + added > TRANSACTION_BYTES):
            yield part
            part, size = [], 0
        part.append(action)
        size += added
    if part:
        yield part


def item_bytes(item: Item) -> int:
    """Returns about how many bytes an item takes. Raises ItemTooLargeError, which names it, if they are too many."""
    size = value_bytes(item)
    if size > ITEM_BYTES:
        raise ItemTooLargeError(item, size)
    return size


def value_bytes(value: Any) -> int:
    """Returns about how many bytes a plain value takes."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Mapping):
        return 3 + sum(1 + len(name.encode()) + value_bytes(part) for name, part in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + value_bytes(part) for part in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return len(str(value)) + 1
    return 1
