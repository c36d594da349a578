"""Takes the uploads of a hostile seed through the five jobs: in batches, perhaps interleaved, perhaps with retries."""

from datetime import timedelta
from pathlib import Path
from random import Random

from oracle.hostile import Upload, make
from oracle.layout import References
from oracle.model import EPOCH, InputFile
from oracle.pipeline import Sandbox

#: ordered: one run after the other · interleaved: stages of several runs alternate · retried: some jobs run twice, as
#: after an attempt that died before its commit.
MODES = ("ordered", "interleaved", "retried")


class Scenario:
    """The inputs of one seed, and how the pipeline processes them."""

    def __init__(self, seed: int) -> None:
        self.mode = MODES[seed % len(MODES)]
        self._rng = Random(f"scenario {seed}")
        world, uploads = make(seed)
        self.songs: References = [("reference/songs/songs.csv", world.songs)]
        self.users: References = [("reference/users/users.csv", world.users)]
        self.files = [_input(upload, number) for number, upload in enumerate(self._ordered(uploads), start=1)]

    def _ordered(self, uploads: list[Upload]) -> list[Upload]:
        """Keeps the order, or puts all first versions first, then all second ones: fewer runs of more files."""
        if self._rng.random() < 0.15:
            return uploads
        seen: dict[str, int] = {}
        rounds = []
        for upload in uploads:
            seen[upload.key] = seen.get(upload.key, 0) + 1
            rounds.append((seen[upload.key], upload))
        return [upload for _, upload in sorted(rounds, key=lambda pair: pair[0])]

    def _batches(self) -> list[list[InputFile]]:
        """Returns consecutive uploads; a run has one version of a key."""
        batches: list[list[InputFile]] = [[]]
        for file in self.files:
            if any(other.key == file.key for other in batches[-1]) or (len(batches) < 3 and self._rng.random() < 0.05):
                batches.append([])
            batches[-1].append(file)
        return [batch for batch in batches if batch]

    def run(self, folder: Path) -> Sandbox:
        """Takes everything through the jobs. Returns the sandbox with the results."""
        sandbox = Sandbox(folder)
        for key, body in [*self.songs, *self.users]:
            sandbox.store.put(key, body)
        if self.mode == "interleaved":
            self._interleave(sandbox)
        else:
            for batch in self._batches():
                self._run(sandbox, batch)
        return sandbox

    def _create_run(self, sandbox: Sandbox, batch: list[InputFile]) -> str:
        keys = [key for file in batch if (key := sandbox.upload(file)) is not None]
        return sandbox.create_run(keys, reference_changed=sandbox.runs == 0)

    def _run(self, sandbox: Sandbox, batch: list[InputFile]) -> None:
        run_id = self._create_run(sandbox, batch)
        for stage in sandbox.stages:
            sandbox.start(stage, run_id)
            if self.mode == "retried" and self._rng.random() < 0.3:
                sandbox.retry(stage, run_id)

    def _interleave(self, sandbox: Sandbox) -> None:
        """Creates runs in order; any of up to three active runs takes the next step, by one stage."""
        waiting = self._batches()
        active: list[tuple[str, list[str]]] = []
        while waiting or active:
            if waiting and len(active) < 3 and (not active or self._rng.random() < 0.5):
                active.append((self._create_run(sandbox, waiting.pop(0)), list(sandbox.stages)))
                continue
            run_id, stages = self._rng.choice(active)
            sandbox.start(stages.pop(0), run_id)
            active = [run for run in active if run[1]]


def _input(upload: Upload, number: int) -> InputFile:
    return InputFile(upload.key, upload.body, EPOCH + timedelta(milliseconds=upload.last_modified), number)
