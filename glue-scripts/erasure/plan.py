"""The plan of an erasure: the files to reprocess. The result of `rewrite` holds it, so it survives interruptions."""

from collections.abc import Iterable, Sequence
from typing import cast

from contracts import keys
from contracts.current_version import content_version, latest_version
from contracts.documents import ErasedFile, ErasureResult, FileDocument
from erasure.content import Content, content_with
from erasure.search import RawHit
from storage.store import Store, read_json


def read_plan(store: Store, erasure_id: str) -> list[ErasedFile] | None:
    """Returns the files in the erasure's result of `rewrite`, None before there is one."""
    result = cast("ErasureResult | None", read_json(store, keys.erasure_result_key(erasure_id, "rewrite")))
    return result["files"] if result else None


def lines_of(hits: Iterable[RawHit]) -> list[ErasedFile]:
    """Returns a line per content: the version to reprocess, else its last version, and the user's rows in it."""
    found: dict[tuple[str, int], ErasedFile] = {}
    for hit in hits:
        if hit.content is not None:
            line = _line(hit.content, hit.count)
            before = found.get(_name(line))
            if before is None or before["rows"] < line["rows"]:
                found[_name(line)] = line
    return _sorted(found.values())


def make_plan(hits: Sequence[RawHit]) -> list[ErasedFile]:
    """Returns the files to reprocess. Of a file with nothing to reprocess, it has the replaced contents.

    A version on hold above a current version is included, whether or not it has rows of the user. Otherwise the replay
    of the current version would replace it as the latest version.
    """
    live = {
        (c.document["file_id"], c.live_version["version"]): c for hit in hits if (c := hit.content) and c.live_version
    }
    live_files = {file_id for file_id, _ in live}
    on_hold = [line for content in live.values() if (line := _on_hold_above(content))]
    kept = [line for line in lines_of(hits) if _name(line) in live or line["file_id"] not in live_files]
    return merge_plans(kept, on_hold)


def merge_plans(before: Iterable[ErasedFile], now: Iterable[ErasedFile]) -> list[ErasedFile]:
    """Merges the plan of an interrupted attempt with the new one; the files of the former may be clean by now."""
    return _sorted({_name(line): line for line in [*now, *before]}.values())


def _on_hold_above(content: Content) -> ErasedFile | None:
    latest = latest_version(content.document)
    if latest is None or latest["state"] != "held" or content_version(latest) == content.number:
        return None
    above = content_with(content.document, latest["version"])
    return _line(above, 0) if above else None


def _line(content: Content, rows: int) -> ErasedFile:
    version = (content.live_version or content.versions[-1])["version"]
    document: FileDocument = content.document
    return {"file_id": document["file_id"], "key": document["key"], "version": version, "rows": rows, "replay": None}


def _name(line: ErasedFile) -> tuple[str, int]:
    return line["file_id"], line["version"]


def _sorted(lines: Iterable[ErasedFile]) -> list[ErasedFile]:
    return sorted(lines, key=lambda line: (line["key"].encode(), line["version"]))
