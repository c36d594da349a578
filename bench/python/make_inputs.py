"""Writes songs, users and one stream file: python make_inputs.py FOLDER ROWS DATE."""

import sys
from pathlib import Path

from listens import Listening, write_lines, write_reference


def main() -> None:
    folder, rows, first = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    write_reference(folder / "songs.csv", folder / "users.csv")
    write_lines(folder / "listens.csv", Listening(rows, 1, first))


if __name__ == "__main__":
    main()
