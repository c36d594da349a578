"""
Forks one fresh process per Glue run from a process that has already imported what every job imports.

Only third-party modules are imported beforehand. The fork imports the job's own code, from the downloaded files.
Requests are JSON lines on descriptor 3. Responses go to descriptor 4: {"ready"}, {"id", "pid"} or
{"id", "exit", "signal"}.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import sys
import threading
import traceback

REQUESTS, RESPONSES = 3, 4
AWSGLUE_PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WARM_MODULES = ("argparse", "csv", "decimal", "gzip", "hashlib", "uuid", "zipimport", "concurrent.futures", "zstandard")
WARM_CLIENTS = ("s3", "dynamodb")


def load_each_model_once():
    """Caches botocore's service models, megabytes of JSON each: forks inherit them instead of reading them again."""
    from botocore.loaders import JSONFileLoader

    read, loaded = JSONFileLoader.load_file, {}

    def load_file(self, path):
        if path not in loaded:
            loaded[path] = read(self, path)
        return loaded[path]

    JSONFileLoader.load_file = load_file


def warm_boto():
    import boto3

    load_each_model_once()
    session = boto3.session.Session(aws_access_key_id="-", aws_secret_access_key="-", region_name="us-east-1")
    for name in WARM_CLIENTS:
        session.client(name, endpoint_url="http://127.0.0.1:9")


def warm_duckdb():
    import duckdb

    # The import opens the default connection and starts its threads, which a fork does not have. It reopens on use.
    duckdb.close()


def warm():
    steps = [warm_boto, warm_duckdb, *(lambda n=name: importlib.import_module(n) for name in WARM_MODULES)]
    for step in steps:
        with contextlib.suppress(ImportError):
            step()


def threads():
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else threading.active_count()


def start_again_cold():
    """Restarts without any imports: a fork has only the thread that forked, and other threads are running."""
    print("prefork: imported modules started threads, so every run imports its own", file=sys.stderr)
    os.execv(sys.executable, [sys.executable, "-I", "-u", os.path.abspath(__file__), "--cold"])


def respond(**fields):
    os.write(RESPONSES, json.dumps(fields).encode() + b"\n")


def become(request):
    """Gives the fork a session, an environment, a directory and output of its own."""
    os.setsid()
    for name in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.closerange(3, 64)
    for fd, path in ((1, request["stdout"]), (2, request["stderr"])):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = [request["script"], *request["argv"]]
    sys.path[0:0] = [os.path.dirname(request["script"]), *request["pythonpath"]]
    sys.path.append(AWSGLUE_PARENT)
    gc.unfreeze()


def run(script):
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit:
        raise
    except BaseException as error:
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename != script:
            frames = frames.tb_next
        traceback.print_exception(type(error), error, frames or error.__traceback__)
        sys.exit(1)


class Prefork:
    def __init__(self):
        self.runs = {}
        self.buffer = b""
        self.wake, wakeup = os.pipe()
        for fd in (self.wake, wakeup):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self.end)
        signal.set_wakeup_fd(wakeup)

    def end(self, *_):
        for pid in self.runs:
            self.kill_group(pid)
        os._exit(0)

    @staticmethod
    def kill_group(pid):
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass

    def reap(self):
        while self.runs:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self.kill_group(pid)
            identity = self.runs.pop(pid, None)
            if identity is not None:
                code = os.waitstatus_to_exitcode(status)
                respond(id=identity, exit=max(code, 0), signal=max(-code, 0))

    def requests(self):
        """Returns the requests whose lines are complete, or None at the end of the pipe."""
        data = os.read(REQUESTS, 1 << 16)
        if not data:
            return None
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def fork(self, request):
        pid = os.fork()
        if pid:
            self.runs[pid] = request["id"]
            respond(id=request["id"], pid=pid)
        return pid

    def serve(self):
        """Forks a process per request. Returns the request in the fork, and nothing at the end of the pipe."""
        while True:
            ready, _, _ = select.select([REQUESTS, self.wake], [], [])
            if self.wake in ready:
                os.read(self.wake, 4096)
            self.reap()
            if REQUESTS not in ready:
                continue
            requests = self.requests()
            if requests is None:
                return self.end()
            for request in requests:
                if self.fork(request) == 0:
                    return request


if sys.argv[1:] != ["--cold"]:
    warm()
    if threads() > 1:
        start_again_cold()
gc.collect()
gc.freeze()
prefork = Prefork()
respond(ready=True)
request = prefork.serve()
become(request)
run(request["script"])
