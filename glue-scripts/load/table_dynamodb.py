"""The table in DynamoDB.

Items are written by TransactWriteItems, beside an update of the date's header that carries the fence.
BatchWriteItem takes no conditions; one PutItem an item does, but is five times slower from one process (tried: 470
against 2,500 items a second). A transaction costs two write units an item instead of one ($1.25 a million).
"""

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from load.table import HEADER, KEY, Item, Key, OvertakenError, Writes
from load.transactions import item_bytes, transactions

T = TypeVar("T")

#: The most that a key takes: 2,048 bytes of metric_key and 1,024 of period.
KEY_BYTES = 3_072
#: Tries before giving up, with growing, jittered pauses: about two minutes in all.
TRIES = 12
LONGEST_PAUSE = 20.0
BUSY = {
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
}
#: Of a cancelled transaction: no action's fault. Of the others, the first action's condition is the fence.
BUSY_REASONS = {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class DynamoDbTable:
    """`client` is boto3's DynamoDB client; `pause` sleeps that many seconds (tests pass their own)."""

    def __init__(self, client: Any, table: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def get(self, key: Key) -> Item | None:
        found = self._retried(
            lambda: self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True), key[1], 0
        )
        return {name: plain(value) for name, value in found["Item"].items()} if "Item" in found else None

    def begin(self, date: str, generation: int, provenance: Item) -> None:
        firsts = {"generation": generation, **provenance}
        sets = ["#loading_generation = :loading_generation", "#complete = :complete"]
        sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in firsts]
        condition = "attribute_not_exists(#loading_generation) OR #loading_generation <= :loading_generation"
        values = {**firsts, "loading_generation": generation, "complete": False}
        self._update_header(date, sets, condition, values)

    def complete(self, date: str, generation: int, header: Item) -> None:
        values = {**header, "generation": generation, "complete": True, "loading_generation": generation}
        condition = "#loading_generation = :loading_generation"
        self._update_header(date, [f"#{name} = :{name}" for name in values], condition, values)

    def write(self, date: str, generation: int, writes: Writes) -> None:
        # All sizes first: nothing is written if an item is too large.
        sizes = [item_bytes(item) for item in writes.puts]
        puts = ({"Put": {"TableName": self._table, "Item": attributes(item)}} for item in writes.puts)
        deletes = (({"Delete": {"TableName": self._table, "Key": _key(key)}}, KEY_BYTES) for key in writes.removals)
        done = 0
        for part in transactions(chain(zip(puts, sizes, strict=True), deletes)):
            actions = [self._fence(date, generation, done), *part]
            self._retried(partial(self._client.transact_write_items, TransactItems=actions), date, generation)
            done += len(part)

    def keys_of(self, metric_key: str) -> list[Key]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "metric_key = :metric_key",
            "ExpressionAttributeValues": attributes({":metric_key": metric_key}),
            "ProjectionExpression": ", ".join(KEY),
            "ConsistentRead": True,
        }
        found: list[Key] = []
        while True:
            page = self._retried(partial(self._client.query, **request), metric_key, 0)
            found += [(item[KEY[0]]["S"], item[KEY[1]]["S"]) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def forget(self, keys: Sequence[Key]) -> None:
        for key in keys:
            self._retried(partial(self._client.delete_item, TableName=self._table, Key=_key(key)), key[1], 0)

    def _fence(self, date: str, generation: int, done: int) -> Any:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key((HEADER, date)),
                "UpdateExpression": "SET loaded_actions = :done",
                "ConditionExpression": "loading_generation = :generation",
                "ExpressionAttributeValues": {":done": value_of(done), ":generation": value_of(generation)},
            }
        }

    def _update_header(self, date: str, sets: Sequence[str], condition: str, values: Item) -> None:
        request = {
            "TableName": self._table,
            "Key": _key((HEADER, date)),
            "UpdateExpression": "SET " + ", ".join(sets),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            "ExpressionAttributeValues": attributes({f":{name}": value for name, value in values.items()}),
        }
        self._retried(lambda: self._client.update_item(**request), date, values["loading_generation"])

    def _retried(self, call: Callable[[], T], date: str, generation: int) -> T:
        from botocore.exceptions import ClientError

        for tried in range(1, TRIES + 1):
            try:
                return call()
            except ClientError as error:
                if is_overtaken(error.response):
                    raise OvertakenError(date, generation) from error
                if tried == TRIES or not is_busy(error.response):
                    raise
            self._pause(random.uniform(0, min(LONGEST_PAUSE, 0.05 * 2**tried)))
        raise AssertionError("unreachable")


def is_overtaken(response: Any) -> bool:
    """Returns whether the fence rejected the request."""
    if response["Error"]["Code"] == "ConditionalCheckFailedException":
        return True
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in response.get("CancellationReasons", []))


def is_busy(response: Any) -> bool:
    """Returns whether the same request may succeed later."""
    if response["Error"]["Code"] != "TransactionCanceledException":
        return response["Error"]["Code"] in BUSY
    reasons = response.get("CancellationReasons", [])
    return bool(reasons) and all(reason.get("Code", "None") in BUSY_REASONS for reason in reasons)


def value_of(value: Any) -> Any:
    """Writes a plain value as DynamoDB does; whole numbers only."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, dict):
        return {"M": attributes(value)}
    return {"L": [value_of(part) for part in value]}


def plain(value: Any) -> Any:
    """Reads a value of DynamoDB: the inverse of `value_of`."""
    ((kind, found),) = value.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return int(found)
    if kind == "M":
        return {name: plain(part) for name, part in found.items()}
    return [plain(part) for part in found] if kind == "L" else found


def attributes(item: Item) -> dict[str, Any]:
    return {name: value_of(value) for name, value in item.items()}


def _key(key: Key) -> dict[str, Any]:
    return {name: {"S": part} for name, part in zip(KEY, key, strict=True)}
