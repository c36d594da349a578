"""
Runs a command, and ends it with all its descendants when the process that started the supervisor is gone.

Standard input is a pipe that only the starter holds. A clean stop, Ctrl-C or SIGKILL of the starter closes it, and
that ends the command. The command gets SIGTERM and `--grace` seconds. Then all descendants are killed, also those in
sessions of their own, and the directories of `--remove` are deleted. The supervisor starts in milliseconds, because it
uses only the standard library and `python -I -S`.
"""

import argparse
import ctypes
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform.startswith("linux")


def prctl(option, value):
    if LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def process_table():
    """Returns the parent pid of every process, by pid."""
    if not LINUX:
        lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        return {int(pid): int(parent) for pid, parent in (line.split() for line in lines.splitlines())}
    table = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as stat:
                table[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return table


def descendants():
    parents = process_table()
    found, edge = [], {os.getpid()}
    while edge:
        edge = {pid for pid, parent in parents.items() if parent in edge}
        found += edge
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def kill_descendants(timeout):
    """Kills repeatedly until none is left: a process may fork while it is being killed."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        alive = descendants()
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        reap()
        if not alive:
            return
        time.sleep(0.01)


def starter_gone(timeout):
    try:
        ready, _, _ = select.select([0], [], [], timeout)
    except InterruptedError:
        return False
    return bool(ready) and os.read(0, 4096) == b""


def watch(child, grace):
    """Waits for the end of the command, or of the starter. In the latter case it ends the command."""
    while child.poll() is None:
        if starter_gone(0.2):
            child.terminate()
            try:
                child.wait(grace)
            except subprocess.TimeoutExpired:
                pass
            return


def wait_for_lock(path):
    """Waits until a former supervisor of the same state has ended. Returns None if the starter is gone before that."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if starter_gone(0.02):
                return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--grace", type=float, default=1.0)
    parser.add_argument("--remove", action="append", default=[])
    parser.add_argument("--lock")
    parser.add_argument("--pass-fd", type=int, action="append", default=[])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    if options.lock and wait_for_lock(options.lock) is None:
        os._exit(1)

    def before_exec():
        for restored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(restored, signal.SIG_DFL)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=options.pass_fd,
        preexec_fn=before_exec,  # noqa: PLW1509
    )
    for fd in options.pass_fd:
        os.close(fd)
    watch(child, options.grace)
    kill_descendants(10)
    for directory in options.remove:
        shutil.rmtree(directory, ignore_errors=True)
    code = child.poll()
    os._exit(1 if code is None else code if code >= 0 else 128 - code)


main()
