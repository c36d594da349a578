"""S3 through boto3. Endpoint, region and credentials come from the environment (AWS_ENDPOINT_URL and the like)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.store import PARALLEL_REQUESTS, LostRaceError, MissingObjectError, ObjectInfo, ObjectVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ABSENT = {"404", "NoSuchKey", "NoSuchVersion", "NotFound", "405", "MethodNotAllowed"}
#: S3 answers If-Match on an absent object with 404. 409 means "try again", which the caller does after reading.
LOST = ABSENT | {"412", "PreconditionFailed", "409", "ConditionalRequestConflict", "OperationAborted"}
CHUNK = 8 * 1024 * 1024


def _client() -> S3Client:
    import boto3
    from botocore.config import Config

    config = Config(
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "max_attempts": 6},
        max_pool_connections=2 * PARALLEL_REQUESTS,
        connect_timeout=10,
        read_timeout=60,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client("s3", config=config)


def _code(error: Exception) -> str:
    response: dict[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))


class S3Store:
    """One bucket with versioning. Other errors than absence and lost races are botocore's own."""

    def __init__(self, bucket: str, client: S3Client | None = None) -> None:
        from botocore.exceptions import ClientError

        self._bucket = bucket
        self._s3 = client or _client()
        self._error: type[Exception] = ClientError

    @contextmanager
    def _absence_of(self, key: str, version_id: str | None) -> Iterator[None]:
        """Turns botocore's errors for an absent object into MissingObjectError."""
        try:
            yield
        except self._error as error:
            if _code(error) in ABSENT:
                raise MissingObjectError(key, version_id) from error
            raise

    def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        try:
            found = self._s3.head_object(Bucket=self._bucket, Key=key, **_version(version_id))
        except self._error as error:
            if _code(error) in ABSENT or (version_id and _code(error) == "400"):
                return None
            raise
        return _info(key, found, found["ContentLength"])

    def read(self, key: str, version_id: str | None = None) -> tuple[bytes, ObjectInfo]:
        found = self._get(key, version_id)
        body = found["Body"].read()
        return body, _info(key, found, len(body))

    def chunks(self, key: str, version_id: str | None = None) -> Iterator[bytes]:
        yield from self._get(key, version_id)["Body"].iter_chunks(CHUNK)

    def _get(self, key: str, version_id: str | None) -> Any:
        with self._absence_of(key, version_id):
            return self._s3.get_object(Bucket=self._bucket, Key=key, **_version(version_id))

    def put(self, key: str, body: bytes, *, absent: bool = False, etag: str | None = None) -> None:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if absent else {"IfMatch": f'"{etag}"'} if etag else {}
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, **condition)
        except self._error as error:
            if condition and _code(error) in LOST:
                raise LostRaceError(key) from error
            raise

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for found in page.get("Contents", []):
                yield ObjectInfo(found["Key"], "", found["ETag"].strip('"'), found["Size"], found["LastModified"])

    def versions(self, prefix: str) -> Iterator[ObjectVersion]:
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            # S3 lists versions and markers apart. The next page begins with the rest of a key that a page cuts off.
            yield from _in_order([*page.get("Versions", []), *page.get("DeleteMarkers", [])])

    def download(self, key: str, path: Path, version_id: str | None = None) -> None:
        with self._absence_of(key, version_id):
            self._s3.download_file(self._bucket, key, str(path), ExtraArgs=_version(version_id))

    def upload(self, path: Path, key: str) -> None:
        self._s3.upload_file(str(path), self._bucket, key)

    def copy(self, key: str, target: str, version_id: str | None = None) -> None:
        source: Any = {"Bucket": self._bucket, "Key": key, **_version(version_id)}
        with self._absence_of(key, version_id):
            # Copying the tags of a raw object needs rights that no job has.
            self._s3.copy(source, self._bucket, target, ExtraArgs={"TaggingDirective": "REPLACE"})

    def delete(self, key: str, version_id: str | None = None) -> None:
        self._s3.delete_object(Bucket=self._bucket, Key=key, **_version(version_id))


def _version(version_id: str | None) -> dict[str, Any]:
    return {"VersionId": version_id} if version_id else {}


def _in_order(listed: list[Any]) -> Iterator[ObjectVersion]:
    """Orders versions and markers, which have no size, by key, newest first."""
    listed.sort(key=lambda one: (one["Key"].encode(), not one["IsLatest"], -one["LastModified"].timestamp()))
    for one in listed:
        yield ObjectVersion(one["Key"], one["VersionId"], one["IsLatest"], "Size" not in one)


def _info(key: str, found: Any, size: int) -> ObjectInfo:
    return ObjectInfo(key, found.get("VersionId", "null"), found["ETag"].strip('"'), size, found["LastModified"])
