"""docs/extend.md, "A sixth stage": its entry and its job, put into a copy, are all that the jobs need."""

from pathlib import Path

from support.extend_page import blocks
from support.extended_copy import copy_to, generate, insert, put_and_load

from storage.store_directory import DirectoryStore

HEADING = "A sixth stage"
BODY = "user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\n"


def test_load_reads_what_the_stage_of_the_page_commits(tmp_path: Path) -> None:
    scripts = copy_to(tmp_path / "copy")
    entry = blocks(HEADING, "ts")[0]
    (job,) = blocks(HEADING, "python")
    stages = tmp_path / "copy/packages/contracts/src/stages.ts"
    insert(stages, entry, "\n  { name: 'load',")
    (scripts / "jobs/enrich.py").write_text(job, encoding="utf-8")
    generate(tmp_path / "copy")

    items = put_and_load(scripts, tmp_path / "bucket", "a.csv", BODY)

    assert items["daily_overview"]["listen_count"] == 1
    store = DirectoryStore(tmp_path / "bucket/store")
    assert any(info.key.endswith("/enrich/result.json") for info in store.list("processed/runs/"))
