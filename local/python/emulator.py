"""
Runs MiniStack so that kept state survives SIGKILL: whatever was confirmed to a client is there after the next start.

MiniStack writes objects to disk at once, but everything else only on SIGTERM. So this application writes the rest
before a response goes out:

- SQS: all queues, which are small. Changes without a request (S3's notifications, Lambda's polling) are written within
  half a second. If they are lost, ingest's sweep finds the notification, and the claim stops a repeated message.
- DynamoDB: the request goes to a journal. The next start replays the journal onto the state that was saved last.
- The rest (stacks, functions, roles, rules) changes by deployments only. All of it is saved about a second after the
  last such request. Logs since then are lost.

Neither this application nor MiniStack flushes files to the disk (fsync): a machine that loses power may lose more.
"""

import asyncio
import contextlib
import json
import os
import re
import sys
import time

from ministack import app as server
from ministack.core import persistence

JOURNAL = os.path.join(persistence.STATE_DIR, "dynamodb.journal")
JOURNAL_LIMIT = 32 << 20
TICK = 0.5
QUIET, LONGEST_WAIT = 1.0, 5.0

READS = re.compile(r"\.(Get|List|Describe|Query|Scan|BatchGet|TransactGet|Test)|\.PutEvents$")
CONTROL = {"cloudformation", "iam", "lambda", "events", "monitoring", "sns"}


def header(scope, name):
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def kind_of(scope):
    """Returns what the request changes: `sqs`, `dynamodb`, `control`, or None for nothing that must be kept."""
    target = header(scope, b"x-amz-target")
    if READS.search(target):
        return None
    if target.startswith("AmazonSQS."):
        return "sqs"
    if target.startswith("DynamoDB_"):
        return "dynamodb"
    service = re.search(rb"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", header(scope, b"authorization").encode())
    is_control = service is not None and service[1].decode() in CONTROL
    return "control" if is_control and scope["method"] != "GET" and not scope["path"].endswith("/invocations") else None


def collecting(receive, chunks):
    async def received():
        message = await receive()
        chunks.append(message.get("body", b""))
        return message

    return received


class PersistentApp:
    """The ASGI application in front of MiniStack's."""

    def __init__(self, inner):
        self.inner = inner
        self.journal = None
        self.queues = ""
        self.control_since = self.control_at = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.inner(scope, receive, self.on_lifespan(send))
        kind = kind_of(scope) if scope["type"] == "http" else None
        if kind is None:
            return await self.inner(scope, receive, send)
        chunks = []

        async def sent(message):
            if message["type"] == "http.response.start" and message["status"] < 300:
                self.keep(kind, header(scope, b"x-amz-target"), chunks)
            await send(message)

        return await self.inner(scope, collecting(receive, chunks) if kind == "dynamodb" else receive, sent)

    def on_lifespan(self, send):
        async def sent(message):
            if message["type"] == "lifespan.startup.complete":
                await self.begin()
            if message["type"] == "lifespan.shutdown.complete":
                self.clear_journal()
            await send(message)

        return sent

    def keep(self, kind, target, chunks):
        if kind == "sqs":
            self.save_queues()
        elif kind == "dynamodb":
            self.journal.write(json.dumps({"target": target, "body": b"".join(chunks).decode()}) + "\n")
            self.journal.flush()
        else:
            self.control_at = time.monotonic()
            self.control_since = self.control_since or self.control_at

    def save_queues(self):
        sqs = sys.modules.get("ministack.services.sqs")
        if sqs is None:
            return
        state = sqs.get_state()
        queues = json.dumps(state, default=persistence._json_default)
        if queues != self.queues:
            persistence.save_state("sqs", state)
            self.queues = queues

    def save_all(self):
        persistence.save_all(server._build_persistence_save_dict())
        self.control_since = None
        self.clear_journal()

    def clear_journal(self):
        self.journal.truncate(0)

    async def begin(self):
        os.makedirs(persistence.STATE_DIR, exist_ok=True)
        if os.path.exists(JOURNAL):
            await self.replay()
        self.journal = open(JOURNAL, "a", encoding="utf-8")  # noqa: SIM115
        if self.journal.tell() > 0:
            self.save_all()
        self.ticking = asyncio.create_task(self.tick())

    @staticmethod
    async def replay():
        from ministack.services import dynamodb

        with open(JOURNAL, encoding="utf-8") as lines:
            for line in lines:
                # The last line may be cut off. Its request got no response.
                with contextlib.suppress(json.JSONDecodeError):
                    request = json.loads(line)
                    headers = {"x-amz-target": request["target"]}
                    await dynamodb.handle_request("POST", "/", headers, request["body"].encode(), {})

    def control_is_quiet(self):
        now = time.monotonic()
        return self.control_since and (now - self.control_at > QUIET or now - self.control_since > LONGEST_WAIT)

    async def tick(self):
        while True:
            await asyncio.sleep(TICK)
            self.save_queues()
            if self.control_is_quiet() or self.journal.tell() > JOURNAL_LIMIT:
                self.save_all()


app = PersistentApp(server.app) if persistence.PERSIST_STATE else server.app
