"""One suite for both tables: in memory, and DynamoDB as the local sandbox's emulator answers it (in this process)."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from load.table import HEADER, OvertakenError, Table, Writes
from load.table_dynamodb import TRIES, DynamoDbTable, plain, value_of
from load.table_memory import MemoryTable

D = "2018-11-15"
FROM = {"run_id": "r1", "reference_version": "v1", "computed_at": "2018-11-16T00:00:00.000Z"}


class Raw:
    """A response body as botocore streams it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def emulated(name: str) -> Any:
    """A DynamoDB client whose requests go to the emulator without a server, and the table `name`."""
    dynamodb = pytest.importorskip("ministack.services.dynamodb")
    client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")

    def answer(request: Any, **_: Any) -> AWSResponse:
        headers = {
            key.lower(): value.decode() if isinstance(value, bytes) else value for key, value in request.headers.items()
        }
        status, found, body = asyncio.run(dynamodb.handle_request("POST", "/", headers, request.body, {}))
        return AWSResponse(request.url, status, found, Raw(body if isinstance(body, bytes) else body.encode()))

    client.meta.events.register("before-send.dynamodb", answer)
    texts = [{"AttributeName": part, "AttributeType": "S"} for part in ("metric_key", "period")]
    keys = [{"AttributeName": "metric_key", "KeyType": "HASH"}, {"AttributeName": "period", "KeyType": "RANGE"}]
    client.create_table(TableName=name, AttributeDefinitions=texts, KeySchema=keys, BillingMode="PAY_PER_REQUEST")
    return client


@pytest.fixture(params=["memory", "dynamodb"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    if request.param == "memory":
        yield MemoryTable()
        return
    client = emulated("kpis-of-tests")
    yield DynamoDbTable(client, "kpis-of-tests", lambda _: None)
    client.delete_table(TableName="kpis-of-tests")


def item(user: str, generation: int, **fields: Any) -> dict[str, Any]:
    return {"metric_key": f"user_daily#{user}", "period": D, "generation": generation, **fields}


def test_an_item_comes_back_as_it_was_put(table: Table) -> None:
    given = item(
        "u1", 1, listen_count=5, avg=None, top=[{"rank": 1, "name": "é"}], deep={"a": []}, known=True, empty=""
    )
    table.begin(D, 1, FROM)
    table.write(D, 1, Writes([given], []))
    assert table.get(("user_daily#u1", D)) == given
    assert table.get(("user_daily#u2", D)) is None


def test_more_items_than_one_request_takes_are_all_put_and_removed(table: Table) -> None:
    many = [item(f"u{n}", 1) for n in range(230)]
    table.begin(D, 1, FROM)
    table.write(D, 1, Writes(many, []))
    assert all(table.get((found["metric_key"], D)) == found for found in many)
    table.write(D, 1, Writes([], [(found["metric_key"], D) for found in many[1:]]))
    assert [table.get((found["metric_key"], D)) is None for found in many] == [False] + [True] * 229


def test_a_partition_lists_its_keys_and_forgets_them_without_a_fence(table: Table) -> None:
    days = [f"2018-11-{day}" for day in (15, 16, 17)]
    for day in days:
        table.begin(day, 3, FROM)
        table.write(day, 3, Writes([{**item("u1", 3), "period": day}, {**item("u10", 3), "period": day}], []))
    assert table.keys_of("user_daily#u1") == [("user_daily#u1", day) for day in days]
    table.forget([("user_daily#u1", day) for day in [*days[:2], "2018-01-01"]])
    assert table.keys_of("user_daily#u1") == [("user_daily#u1", days[2])]
    assert len(table.keys_of("user_daily#u10")) == 3


def test_a_header_says_what_is_loading_and_then_what_is_complete(table: Table) -> None:
    table.begin(D, 1, FROM)
    header = table.get((HEADER, D))
    assert header and (header["loading_generation"], header["complete"], header["run_id"]) == (1, False, "r1")
    table.complete(D, 1, {**FROM, "since": "s", "ledger": {"accepted": 1}})
    header = table.get((HEADER, D))
    assert header and (header["generation"], header["complete"], header["ledger"]) == (1, True, {"accepted": 1})
    table.begin(D, 2, {**FROM, "run_id": "r2"})
    header = table.get((HEADER, D))
    assert header and (header["generation"], header["loading_generation"]) == (1, 2)
    assert (header["complete"], header["run_id"]) == (False, "r1")


def test_the_same_generation_may_begin_again(table: Table) -> None:
    table.begin(D, 3, FROM)
    table.begin(D, 3, FROM)
    table.write(D, 3, Writes([item("u1", 3)], []))


def test_an_old_generation_that_wakes_up_writes_and_removes_nothing(table: Table) -> None:
    table.begin(D, 1, FROM)
    table.write(D, 1, Writes([item("u1", 1)], []))
    table.begin(D, 2, FROM)
    table.write(D, 2, Writes([item("u1", 2)], []))
    for late in (Writes([item("u1", 1)], []), Writes([item("vanished", 1)], []), Writes([], [("user_daily#u1", D)])):
        with pytest.raises(OvertakenError):
            table.write(D, 1, late)
    with pytest.raises(OvertakenError):
        table.begin(D, 1, FROM)
    with pytest.raises(OvertakenError):
        table.complete(D, 1, FROM)
    assert table.get(("user_daily#u1", D)) == item("u1", 2)
    assert table.get(("user_daily#vanished", D)) is None


def test_dates_are_fenced_apart(table: Table) -> None:
    table.begin(D, 5, FROM)
    table.begin("2018-11-16", 1, FROM)
    table.write("2018-11-16", 1, Writes([{"metric_key": "top_genres", "period": "2018-11-16"}], []))


class Busy:
    """A client that is busy `times` times, then takes everything."""

    def __init__(self, times: int, response: dict[str, Any]) -> None:
        self.left = times
        self._response = response

    def transact_write_items(self, **_: Any) -> None:
        if self.left:
            self.left -= 1
            raise ClientError(self._response, "TransactWriteItems")  # type: ignore[arg-type]


THROTTLED = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}
CONFLICT = {
    "Error": {"Code": "TransactionCanceledException", "Message": "conflict"},
    "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}],
}


@pytest.mark.parametrize("response", [THROTTLED, CONFLICT])
def test_requests_to_a_busy_table_are_repeated_with_growing_jittered_pauses(response: dict[str, Any]) -> None:
    pauses: list[float] = []
    client = Busy(4, response)
    DynamoDbTable(client, "t", pauses.append).write(D, 1, Writes([item("u1", 1)], []))
    assert client.left == 0
    assert len(pauses) == 4
    assert all(pause <= 0.1 * 2**n for n, pause in enumerate(pauses))


def test_a_table_that_stays_busy_is_given_up_with_its_own_error() -> None:
    with pytest.raises(ClientError, match="slow down"):
        DynamoDbTable(Busy(TRIES, THROTTLED), "t", lambda _: None).write(D, 1, Writes([item("u1", 1)], []))


def test_an_error_that_will_not_pass_is_raised_at_once() -> None:
    client = Busy(2, {"Error": {"Code": "AccessDeniedException", "Message": "no"}})
    with pytest.raises(ClientError, match="no"):
        DynamoDbTable(client, "t", lambda _: None).write(D, 1, Writes([item("u1", 1)], []))
    assert client.left == 1


@pytest.mark.parametrize("value", [None, True, 0, -5, 2**60, "", "é", [1, [None]], {"a": {"b": False}}])
def test_values_survive_the_way_to_dynamodb_and_back(value: Any) -> None:
    assert plain(json.loads(json.dumps(value_of(value)))) == value
