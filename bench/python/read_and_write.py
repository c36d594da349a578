"""The yardstick: DuckDB reads the CSV with types and writes it as one Parquet file.

python read_and_write.py REPORT MEMORY TARGET CSV…
"""

import sys
from pathlib import Path

import duckdb
from report import write_report

COLUMNS = {
    "user_id": "varchar",
    "track_id": "varchar",
    "listen_time": "timestamp",
    "ms_played": "bigint",
    "completed": "boolean",
    "device_type": "varchar",
}


def main() -> None:
    report, memory, target, *paths = sys.argv[1:]
    spill = Path(target).with_suffix(".spill")
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
    }
    database = duckdb.connect(":memory:", config=config)
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    listed = ", ".join(f"'{path}'" for path in paths)
    source = f"read_csv([{listed}], header = true, auto_detect = false, columns = {{{kinds}}}, ignore_errors = true)"
    database.execute(f"copy (select * from {source}) to '{target}' (format parquet, compression snappy)")
    write_report(Path(report))


if __name__ == "__main__":
    main()
