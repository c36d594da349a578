"""A sandbox on which attempts die, are overtaken by the next one, or wait while others go on, at any call they make."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from oracle.pipeline import Sandbox

from load.table import Table
from storage.store import Store

Kind = Literal["dies before", "dies after", "is overtaken", "waits"]
KINDS: tuple[Kind, ...] = ("dies before", "dies after", "is overtaken", "waits")
#: What changes something; a fault between two questions is the same as one before the next change.
CHANGES = ("put", "upload", "copy", "delete", "begin", "write", "complete", "forget")


class DiedError(BaseException):
    """The process is gone: nothing may catch it and go on."""


class Faulty:
    """The store or the table of one attempt, whose calls are in the hands of its fault_plan."""

    def __init__(self, real: Store | Table, fault_plan: "FaultPlan") -> None:
        self._real = real
        self._fault_plan = fault_plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name in CHANGES:
            return lambda *given, **named: self._fault_plan.call(lambda: method(*given, **named))
        return lambda *given, **named: self._fault_plan.ask(lambda: method(*given, **named))


class FaultPlan:
    """What befalls one attempt. `meanwhile` is what the world does when the attempt does not get on."""

    def __init__(self, kind: Kind, at: int, meanwhile: Callable[[], None]) -> None:
        self.kind = kind
        self._at = at
        self._meanwhile = meanwhile
        self._calls = 0
        self._dead = False
        self.befell = False

    def hold(self, around: Callable[[Callable[[], None]], None]) -> None:
        """Runs what happens meanwhile within `around`."""
        held = self._meanwhile
        self._meanwhile = lambda: around(held)

    def ask(self, call: Callable[[], Any]) -> Any:
        if self._dead:
            raise DiedError
        return call()

    def call(self, call: Callable[[], Any]) -> Any:
        if self._dead:
            raise DiedError
        self._calls += 1
        if self._calls != self._at:
            return call()
        self.befell = True
        if self.kind in ("is overtaken", "waits"):
            self._meanwhile()
            return call()
        self._dead = True
        if self.kind == "dies after":
            call()
        raise DiedError


class ChaosSandbox(Sandbox):
    """A sandbox whose attempts may be given a fault_plan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fault_plans: list[str] = []

    def attempt(self, stage: str, run_id: str, number: int, fault_plan: FaultPlan) -> bool:
        """One attempt of a job with a fault_plan; whether it came to its end."""
        real = self.store, self.table
        faulty: Any = (Faulty(self.store, fault_plan), Faulty(self.table, fault_plan))

        def on_the_real_ones(held: Callable[[], None]) -> None:
            self.store, self.table = real
            held()

        fault_plan.hold(on_the_real_ones)
        self.store, self.table = faulty
        try:
            self.start(stage, run_id, number)
        except DiedError:
            return False
        finally:
            self.store, self.table = real
            if fault_plan.befell:
                self.fault_plans.append(f"{stage} {fault_plan.kind}")
        return True
