"""`python -m oracle DIR --export OUT`: writes what `music-etl run DIR --export OUT` has to export."""

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path

from oracle.evaluation import evaluate
from oracle.layout import read_inputs, write_export


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def main(argv: list[str] | None = None) -> int:
    """Reads DIR, writes OUT, prints a summary."""
    parser = argparse.ArgumentParser(prog="oracle", description=__doc__)
    parser.add_argument("dir", type=Path, help="holds songs.csv, users.csv, streams/* and perhaps uploads.json")
    parser.add_argument("--export", type=Path, required=True, metavar="OUT")
    parser.add_argument("--last-modified", type=_moment, help="of every file without uploads.json (default: now)")
    arguments = parser.parse_args(argv)
    try:
        inputs = read_inputs(arguments.dir, arguments.last_modified)
    except OSError as error:
        print(f"oracle: {error}", file=sys.stderr)
        return 2
    export = evaluate(*inputs)
    write_export(export, arguments.export)
    states = [line["state"] for line in export.lines["files"]]
    summary = ", ".join(f"{states.count(state)} {state}" for state in ("archived", "held", "rejected"))
    print(f"{len(states)} file versions ({summary}), {len(export.lines['dates'])} dates → {arguments.export}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
