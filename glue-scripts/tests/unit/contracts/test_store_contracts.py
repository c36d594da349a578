"""keys.py equals keys.ts: the TypeScript module itself is run, and every key function compared."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from contracts import keys
from contracts.generated_data import generated_data
from contracts.metrics import metrics

ROOT = Path(__file__).parents[4]
KEY = "streams/é ü/2018-11-15.csv"
RUN = "20181116T120000000-0123abcd"

#: TypeScript expression → what Python says.
EXPECTED = {
    "k.STREAMS_PREFIX": keys.STREAMS_PREFIX,
    "k.SONGS_PREFIX": keys.SONGS_PREFIX,
    "k.USERS_PREFIX": keys.USERS_PREFIX,
    "k.FILES_PREFIX": keys.FILES_PREFIX,
    "k.PENDING_PREFIX": keys.PENDING_PREFIX,
    "k.WAITING_PREFIX": keys.WAITING_PREFIX,
    "k.DATES_PREFIX": keys.DATES_PREFIX,
    "k.GENERATION_KEY": keys.GENERATION_KEY,
    "k.REFERENCE_KEY": keys.REFERENCE_KEY,
    f"k.fileId({json.dumps(KEY)})": keys.file_id(KEY),
    "k.fileKey('f')": keys.file_key("f"),
    "k.pendingKey('f', 12)": keys.pending_key("f", 12),
    "k.BATCH_LOCK_KEY": keys.BATCH_LOCK_KEY,
    "k.REFERENCE_MARKER": keys.REFERENCE_MARKER,
    f"k.pendingReferenceKey({json.dumps(KEY)}, 'v1')": keys.pending_reference_key(KEY, "v1"),
    f"k.fileIdOfMarker(k.pendingKey(k.fileId({json.dumps(KEY)}), 3))": keys.file_id_of_marker(
        keys.pending_key(keys.file_id(KEY), 3)
    ),
    "k.waitingKey('f')": keys.waiting_key("f"),
    "k.replayKey('f', 2, 'snapshot:0a1b')": keys.replay_key("f", 2, "snapshot:0a1b"),
    "k.unknownKey('f')": keys.unknown_key("f"),
    "k.patchesKey('f', 2, '0a1b2c3d')": keys.patches_key("f", 2, "0a1b2c3d"),
    f"k.backfillKey('{RUN}')": keys.backfill_key(RUN),
    "k.changesKey('2018-11-15', 12)": keys.changes_key("2018-11-15", 12),
    f"k.erasureRequestKey('{RUN}')": keys.erasure_request_key(RUN),
    f"k.erasureResultKey('{RUN}', 'purge')": keys.erasure_result_key(RUN, "purge"),
    "k.dateKey('2018-11-15')": keys.date_key("2018-11-15"),
    f"k.runKey('{RUN}')": keys.run_key(RUN),
    f"k.stageKey('{RUN}', 'kpi')": keys.stage_key(RUN, "kpi"),
    f"k.resultKey('{RUN}', 'kpi')": keys.result_key(RUN, "kpi"),
    "k.activePrefix('load')": keys.active_prefix("load"),
    f"k.activeKey('{RUN}', 'load')": keys.active_key(RUN, "load"),
}


def test_python_makes_the_same_keys_as_typescript() -> None:
    node = shutil.which("node")
    tsx = ROOT / "node_modules/tsx/dist/cli.mjs"
    if node is None or not tsx.exists():
        pytest.skip("node or tsx is not installed")
    module = (ROOT / "packages/contracts/src/keys.ts").as_uri()
    script = f"import * as k from {json.dumps(module)}; console.log(JSON.stringify([{','.join(EXPECTED)}]))"
    command = [node, str(tsx), "--input-type=module", "--eval", script]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == list(EXPECTED.values())


def test_the_generated_contracts_are_read_as_package_resources() -> None:
    assert "FileDocument" in generated_data("schemas")
    assert metrics()[0]["name"] == "genre_daily"
