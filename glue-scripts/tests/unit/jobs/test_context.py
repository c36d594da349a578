"""How a job begins and ends (jobs/context.py)."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from jobs.context import glue_job


def _resolved(argv: list[str], names: list[str]) -> dict[str, str]:
    return {name: argv[argv.index(f"--{name}") + 1] for name in names}


@pytest.fixture
def argv(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the arguments that Glue passes, and fakes awsglue, which only Glue and the local stack have."""
    package, utils = ModuleType("awsglue"), ModuleType("awsglue.utils")
    setattr(utils, "getResolvedOptions", _resolved)  # noqa: B010
    monkeypatch.setitem(sys.modules, "awsglue", package)
    monkeypatch.setitem(sys.modules, "awsglue.utils", utils)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return ["job.py", "--JOB_NAME", "job", "--run_id", "R", "--attempt", "1", "--bucket", "b"]


def test_an_error_ends_the_job_with_one_line_that_names_the_run(argv: list[str]) -> None:
    """Glue shows the last line as the run's error: of a DuckDB error that would be a caret only."""
    with pytest.raises(SystemExit) as ended, glue_job(argv, "kpi"):
        raise ValueError("Parser Error: near x\n\nLINE 1: select x\n               ^")
    assert ended.value.code == "kpi of run R: ValueError: Parser Error: near x LINE 1: select x ^"


def test_the_temp_folder_of_a_job_is_removed_at_its_end(argv: list[str]) -> None:
    with glue_job(argv, "kpi") as context:
        temp = Path(context.temp)
        assert temp.is_dir()
    assert not temp.exists()


def test_every_log_line_has_the_run_id_as_correlation_id(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), glue_job(argv, "kpi"):
        raise ValueError("no")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == ["started", "failed"]
    assert {line["correlation_id"] for line in lines} == {"R"}
