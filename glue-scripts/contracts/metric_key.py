"""The partition key of the table's items: the counterpart of packages/contracts/src/metric-key.ts.

The cases in packages/contracts/cases/ hold the two together.
"""

from hashlib import sha256

#: DynamoDB's limit of a partition key, in bytes of UTF-8.
LONGEST_KEY = 2048


def metric_key(metric: str, dimension: str | None) -> str:
    """Returns the partition key of a metric's item, such as `genre_daily#rock`.

    The end of a key that would be too long is replaced by the SHA-256 of the dimension. The item has the whole
    dimension in an attribute.
    """
    if dimension is None:
        return metric
    key = f"{metric}#{dimension}".encode()
    if len(key) <= LONGEST_KEY:
        return key.decode()
    tail = f"…{sha256(dimension.encode()).hexdigest()}"
    return key[: LONGEST_KEY - len(tail.encode())].decode(errors="ignore") + tail
