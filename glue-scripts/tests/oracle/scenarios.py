"""The uploads of a hostile seed through the five jobs: in which batches, in which order, and what is done twice."""

from datetime import timedelta
from pathlib import Path
from random import Random

from oracle.hostile import Upload, make
from oracle.layout import References
from oracle.model import EPOCH, InputFile
from oracle.pipeline import Sandbox
from oracle.pipeline_export import Line

#: ordered: one run after the other · interleaved: the stages of several runs between each other · retried: some jobs
#: twice, as after an attempt that died before its commit.
MODES = ("ordered", "interleaved", "retried")


class Scenario:
    """One seed: its inputs, and what the pipeline makes of them."""

    def __init__(self, seed: int) -> None:
        self.mode = MODES[seed % len(MODES)]
        self._rng = Random(f"scenario {seed}")
        world, uploads = make(seed)
        self.songs: References = [("reference/songs/songs.csv", world.songs)]
        self.users: References = [("reference/users/users.csv", world.users)]
        self.files = [_input(upload, number) for number, upload in enumerate(self._ordered(uploads), start=1)]

    def _ordered(self, uploads: list[Upload]) -> list[Upload]:
        """As they come; or all first versions, then all second ones, which makes fewer runs of more files."""
        if self._rng.random() < 0.15:
            return uploads
        seen: dict[str, int] = {}
        rounds = []
        for upload in uploads:
            seen[upload.key] = seen.get(upload.key, 0) + 1
            rounds.append((seen[upload.key], upload))
        return [upload for _, upload in sorted(rounds, key=lambda pair: pair[0])]

    def _batches(self) -> list[list[InputFile]]:
        """Consecutive uploads; a run holds one version of a key."""
        batches: list[list[InputFile]] = [[]]
        for file in self.files:
            if any(other.key == file.key for other in batches[-1]) or (len(batches) < 3 and self._rng.random() < 0.05):
                batches.append([])
            batches[-1].append(file)
        return [batch for batch in batches if batch]

    def play(self, folder: Path) -> dict[str, list[Line]]:
        """The export after everything has gone through."""
        sandbox = Sandbox(folder)
        for key, body in [*self.songs, *self.users]:
            sandbox.store.put(key, body)
        if self.mode == "interleaved":
            self._interleave(sandbox)
        else:
            for batch in self._batches():
                self._run(sandbox, batch)
        return sandbox.exported()

    def _form(self, sandbox: Sandbox, batch: list[InputFile]) -> str:
        keys = [key for file in batch if (key := sandbox.upload(file)) is not None]
        return sandbox.form(keys, reference_changed=sandbox.runs == 0)

    def _run(self, sandbox: Sandbox, batch: list[InputFile]) -> None:
        run_id = self._form(sandbox, batch)
        for stage in sandbox.jobs:
            sandbox.start(stage, run_id)
            if self.mode == "retried" and self._rng.random() < 0.3:
                sandbox.again(stage, run_id)

    def _interleave(self, sandbox: Sandbox) -> None:
        """Runs are formed in order; then any of up to three runs in hand goes on by one stage."""
        waiting = self._batches()
        in_hand: list[tuple[str, list[str]]] = []
        while waiting or in_hand:
            if waiting and len(in_hand) < 3 and (not in_hand or self._rng.random() < 0.5):
                in_hand.append((self._form(sandbox, waiting.pop(0)), list(sandbox.jobs)))
                continue
            run_id, stages = self._rng.choice(in_hand)
            sandbox.start(stages.pop(0), run_id)
            in_hand = [run for run in in_hand if run[1]]


def _input(upload: Upload, number: int) -> InputFile:
    return InputFile(upload.key, upload.body, EPOCH + timedelta(milliseconds=upload.last_modified), number)
