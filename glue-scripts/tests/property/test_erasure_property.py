"""An erasure leaves the export of files without the user's rows.

No version of any object has the user's id, except the reference data.
"""

import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import evaluate
from oracle.builders import MODIFIED, SONGS, USERS
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from support.erasing import erase, keys_naming
from support.erasure_files import WHO, without_versions

from erasure.without_rows import NO_ROWS

REFERENCE = (
    [("reference/songs/s.csv", SONGS.encode())],
    [("reference/users/u.csv", f"{USERS}{WHO},W,1,US,x\n".encode())],
)
COLUMNS = ("user_id", "track_id", "listen_time", "event_id", "ms_played")


class Line(NamedTuple):
    """A row of a file; a broken one has a field less."""

    values: tuple[str, ...]
    broken: bool


def as_csv(lines: list[Line]) -> bytes:
    rows = [",".join(line.values[: -1 if line.broken else None]) for line in lines]
    return "".join(f"{row}\n" for row in [",".join(COLUMNS), *rows]).encode()


def as_json(lines: list[Line]) -> bytes:
    rows = [json.dumps(dict(zip(COLUMNS, line.values, strict=True)))[: -1 if line.broken else None] for line in lines]
    return "".join(f"{row}\n" for row in rows).encode() or NO_ROWS


FORMATS: dict[str, Callable[[list[Line]], bytes]] = {
    "streams/b.csv": as_csv,
    "streams/a.json": as_json,
    "streams/ä.csv.gz": lambda lines: gzip.compress(as_csv(lines), mtime=0),
}
good = st.builds(
    lambda *values: Line(values, broken=False),
    st.sampled_from([WHO, WHO, "u", "v"]),
    st.sampled_from(["a", "b", "c"]),
    st.builds("2018-11-{} {}:00:00".format, st.sampled_from([14, 15, 17]), st.sampled_from(["09", "10"])),
    st.sampled_from(["", "", "e1", "e2", "e3"]),
    st.sampled_from(["", "5", "90000"]),
)
#: Rows, with bad ones of the user, but too few to hold the file.
contents = st.tuples(st.lists(good, min_size=1, max_size=6), st.booleans(), st.booleans()).map(
    lambda given: (
        given[0]
        + [Line((WHO, "a", "2018-11-15 10:00:00", "e9", ""), broken=True)] * given[1]
        + [Line((WHO, "nope", "2018-11-15 10:00:00", "", ""), broken=False)] * (given[2] and len(given[0]) > 1)
    )
)
histories = st.lists(st.dictionaries(st.sampled_from([*FORMATS]), contents, min_size=1), min_size=1, max_size=3)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_an_erasure_leaves_the_export_of_files_without_the_users_rows(history: list[dict[str, list[Line]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder) / "sandbox")
        for key, body in [*REFERENCE[0], *REFERENCE[1]]:
            sandbox.store.put(key, body)
        left = []
        for number, files in enumerate(history):
            uploaded = [sandbox.upload(InputFile(key, FORMATS[key](lines), MODIFIED)) for key, lines in files.items()]
            sandbox.run([key for key in uploaded if key], reference_changed=number == 0)
            for key, lines in files.items():
                body = FORMATS[key]([line for line in lines if line.values[0] != WHO])
                left.append(InputFile(key, body, MODIFIED, number + 1))
        last = erase(sandbox, WHO, Path(folder) / "jobs")
        assert (last["files"], last["objects"]) == ([], {})
        assert keys_naming(sandbox, WHO, Path(folder)) == []
        expected = evaluate(left, *REFERENCE)
        assert compare(without_versions(expected.lines), without_versions(sandbox.exported())) == []
