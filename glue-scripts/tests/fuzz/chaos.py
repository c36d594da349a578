"""A sandbox whose attempts die, are overtaken by the next one, or wait while others continue, at any call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from oracle.pipeline import Sandbox

from load.table import Table
from storage.store import Store

Kind = Literal["dies before", "dies after", "is overtaken", "waits"]
KINDS: tuple[Kind, ...] = ("dies before", "dies after", "is overtaken", "waits")
#: Calls that change something. A fault between two other calls equals one before the next change.
CHANGES = ("put", "upload", "copy", "delete", "begin", "write", "complete", "forget")


class DiedError(BaseException):
    """The process has died. It is no Exception, so that nothing catches it and continues."""


class Faulty:
    """The store or the table of one attempt; every call goes through the attempt's fault plan."""

    def __init__(self, real: Store | Table, fault_plan: "FaultPlan") -> None:
        self._real = real
        self._fault_plan = fault_plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name in CHANGES:
            return lambda *given, **named: self._fault_plan.change(lambda: method(*given, **named))
        return lambda *given, **named: self._fault_plan.read(lambda: method(*given, **named))


class FaultPlan:
    """The fault of one attempt: its kind, and at which change it happens. `meanwhile` runs while the attempt waits."""

    def __init__(self, kind: Kind, at: int, meanwhile: Callable[[], None]) -> None:
        self.kind = kind
        self._at = at
        self._meanwhile = meanwhile
        self._calls = 0
        self._dead = False
        self.happened = False

    def run_meanwhile_in(self, around: Callable[[Callable[[], None]], None]) -> None:
        """Wraps `meanwhile` in `around`."""
        meanwhile = self._meanwhile
        self._meanwhile = lambda: around(meanwhile)

    def read(self, call: Callable[[], Any]) -> Any:
        if self._dead:
            raise DiedError
        return call()

    def change(self, call: Callable[[], Any]) -> Any:
        if self._dead:
            raise DiedError
        self._calls += 1
        if self._calls != self._at:
            return call()
        self.happened = True
        if self.kind in ("is overtaken", "waits"):
            self._meanwhile()
            return call()
        self._dead = True
        if self.kind == "dies after":
            call()
        raise DiedError


class ChaosSandbox(Sandbox):
    """A sandbox whose attempts may have a fault plan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        #: What happened, for the report of a failure.
        self.faults: list[str] = []

    def attempt(self, stage: str, run_id: str, number: int, fault_plan: FaultPlan) -> bool:
        """Runs one attempt of a job with a fault plan. Returns whether it completed."""
        real = self.store, self.table
        faulty: Any = (Faulty(self.store, fault_plan), Faulty(self.table, fault_plan))

        def without_faults(meanwhile: Callable[[], None]) -> None:
            self.store, self.table = real
            meanwhile()

        fault_plan.run_meanwhile_in(without_faults)
        self.store, self.table = faulty
        try:
            self.start(stage, run_id, number)
        except DiedError:
            return False
        finally:
            self.store, self.table = real
            if fault_plan.happened:
                self.faults.append(f"{stage} {fault_plan.kind}")
        return True
