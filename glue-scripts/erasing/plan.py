"""What an erasure has to do to files, kept in its result of `rewrite` so that it survives any interruption."""

from collections.abc import Iterable
from typing import cast

from contracts import keys
from contracts.documents import ErasedFile, ErasureResult, FileDocument, FileVersion, standing_version
from erasing.contents import Content, content_with, newest_word
from erasing.search import RawHit
from publish.store import Store, read_json


class UnsettledError(Exception):
    """The bucket is not as the phase needs it. The message says what is in the way and what to do."""


def planned(store: Store, erasure_id: str) -> list[ErasedFile] | None:
    """The files of the erasure's result of `rewrite`, None before there is one."""
    result = cast("ErasureResult | None", read_json(store, keys.erasure_result_key(erasure_id, "rewrite")))
    return result["files"] if result else None


def told(hits: Iterable[RawHit]) -> list[ErasedFile]:
    """A line a content: the version to judge again, else the last that judged it, and its rows of the user."""
    found: dict[tuple[str, int], ErasedFile] = {}
    for hit in hits:
        if hit.content is not None:
            line = _line(hit.content, hit.count)
            before = found.get((line["file_id"], line["version"]))
            found[line["file_id"], line["version"]] = (
                line if before is None or before["rows"] < line["rows"] else before
            )
    return sorted(found.values(), key=lambda line: (line["key"].encode(), line["version"]))


def _line(content: Content, rows: int) -> ErasedFile:
    version = (content.word or content.versions[-1])["version"]
    document = content.document
    return {"file_id": document["file_id"], "key": document["key"], "version": version, "rows": rows, "replay": None}


def merged(before: Iterable[ErasedFile], now: Iterable[ErasedFile]) -> list[ErasedFile]:
    """What an interrupted attempt had in hand stays in hand, though its files may be clean by now."""
    both = {(line["file_id"], line["version"]): line for line in [*now, *before]}
    return sorted(both.values(), key=lambda line: (line["key"].encode(), line["version"]))


def judged_before(document: FileDocument, line: ErasedFile) -> list[FileVersion]:
    """The versions that judged the content while it had the user's rows."""
    content = content_with(document, line["version"])
    return [entry for entry in content.versions if entry["version"] <= line["version"]] if content else []


def to_judge_again(document: FileDocument, lines: Iterable[ErasedFile]) -> tuple[FileVersion, ErasedFile] | None:
    """The version that still says what was judged from the user's rows too: it stands, or is held and the newest word.

    Of a file with both only the one that stands: two judgements of one file cannot be under way at once.
    """
    before = [(entry, line) for line in lines for entry in judged_before(document, line)]
    standing, word = standing_version(document), newest_word(document)
    held = word if word is not None and word["state"] == "held" else None
    for wanted in (standing, held):
        found = next(((entry, line) for entry, line in before if entry is wanted), None)
        if found is not None:
            return found
    return None
