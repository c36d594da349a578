"""Writes the CPU seconds and the memory of a measured process."""

import json
import resource
from pathlib import Path


def peak_mb() -> float:
    """Returns the process's peak memory in MiB: VmHWM, because ru_maxrss includes the memory of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_report(path: Path) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    path.write_text(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak": peak_mb()}))
