"""What an erasure has to do to files, kept in its result of `rewrite` so that it survives any interruption."""

from collections.abc import Iterable, Sequence
from typing import cast

from contracts import keys
from contracts.documents import ErasedFile, ErasureResult, FileDocument, FileVersion, current_version
from erasure.contents import Content, content_with, newest_word
from erasure.search import RawHit
from storage.store import Store, read_json
from validation.predecessors import ERASURE, content_of, replay_of


class NotTerminalError(Exception):
    """The bucket is not as the phase needs it. The message says what is in the way and what to do."""


def planned(store: Store, erasure_id: str) -> list[ErasedFile] | None:
    """The files of the erasure's result of `rewrite`, None before there is one."""
    result = cast("ErasureResult | None", read_json(store, keys.erasure_result_key(erasure_id, "rewrite")))
    return result["files"] if result else None


def told(hits: Iterable[RawHit]) -> list[ErasedFile]:
    """A line a content: the version to reprocess, else the last that validated it, and its rows of the user."""
    found: dict[tuple[str, int], ErasedFile] = {}
    for hit in hits:
        if hit.content is not None:
            line = _line(hit.content, hit.count)
            before = found.get((line["file_id"], line["version"]))
            found[line["file_id"], line["version"]] = (
                line if before is None or before["rows"] < line["rows"] else before
            )
    return _sorted(found.values())


def to_plan(hits: Sequence[RawHit]) -> list[ErasedFile]:
    """What is to be reprocessed; of a file of which nothing is, what was replaced.

    What is held above something that stands is among it, whether or not it has rows of the user: reprocessing what
    stands would bury it.
    """
    told_of = {(line["file_id"], line["version"]): line for line in told(hits)}
    words = {(c.document["file_id"], c.word["version"]): c for hit in hits if (c := hit.content) and c.word}
    in_words = {file_id for file_id, _ in words}
    held = [line for content in words.values() if (line := _held_above(content))]
    kept = [line for key, line in told_of.items() if key in words or key[0] not in in_words]
    return merged(kept, held)


def _held_above(content: Content) -> ErasedFile | None:
    word = newest_word(content.document)
    if word is None or word["state"] != "held" or content_of(word) == content.number:
        return None
    above = content_with(content.document, word["version"])
    return _line(above, 0) if above else None


def _line(content: Content, rows: int) -> ErasedFile:
    version = (content.word or content.versions[-1])["version"]
    document = content.document
    return {"file_id": document["file_id"], "key": document["key"], "version": version, "rows": rows, "replay": None}


def merged(before: Iterable[ErasedFile], now: Iterable[ErasedFile]) -> list[ErasedFile]:
    """What an interrupted attempt had in hand stays in hand, though its files may be clean by now."""
    return _sorted({(line["file_id"], line["version"]): line for line in [*now, *before]}.values())


def _sorted(lines: Iterable[ErasedFile]) -> list[ErasedFile]:
    return sorted(lines, key=lambda line: (line["key"].encode(), line["version"]))


def validated_before(document: FileDocument, line: ErasedFile) -> list[FileVersion]:
    """The versions that validated the content while it had the user's rows."""
    content = content_with(document, line["version"])
    return [entry for entry in content.versions if entry["version"] <= line["version"]] if content else []


def over_before(document: FileDocument, line: ErasedFile) -> list[FileVersion]:
    """The same, and what they had replaced: nothing of these counts any more once the content is reprocessed."""
    standing, before = current_version(document), validated_before(document, line)
    replaced = [
        entry
        for entry in document["versions"]
        if entry["version"] <= line["version"] and standing and content_of(entry) != content_of(standing)
    ]
    return [entry for entry in document["versions"] if entry in before or entry in replaced]


def _is_by(entry: FileVersion, cause: str) -> bool:
    replay = replay_of(entry)
    return replay is not None and replay["cause"] == cause


def to_reprocess(
    document: FileDocument, lines: Iterable[ErasedFile], erasure_id: str
) -> tuple[FileVersion, ErasedFile] | None:
    """The version that still says what was validated from the user's rows too: it stands, or is held and the newest word.

    Of a file with both first the one that stands, then, asked again, the held one: two validations of one file cannot be
    under way at once. This erasure's own validations bury nothing.
    """
    own = [entry for entry in document["versions"] if _is_by(entry, f"{ERASURE}{erasure_id}")]
    by_others = [entry for entry in document["versions"] if entry not in own]
    done = {content_of(entry) for entry in own}
    before = [(entry, line) for line in lines for entry in validated_before(document, line)]
    standing, word = current_version(document), newest_word({**document, "versions": by_others})
    held = word if word is not None and word["state"] == "held" and content_of(word) not in done else None
    for wanted in (standing, held):
        found = next(((entry, line) for entry, line in before if entry is wanted), None)
        if found is not None:
            return found
    return None
