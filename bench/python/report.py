"""What a measured process says of itself when it ends."""

import json
import resource
from pathlib import Path


def peak_mb() -> float:
    """The most memory this process ever held, in MiB: VmHWM, which unlike ru_maxrss owes nothing to who forked it."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_report(path: Path) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    path.write_text(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak": peak_mb()}))
