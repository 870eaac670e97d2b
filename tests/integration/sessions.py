# SPDX-License-Identifier: Apache-2.0
"""A client of Session whose connection may break at any time."""

import queue
import threading

from client import outcomes
from scamper.v1 import session_pb2, task_pb2

# The count of a ledger for each way in which a task ends.
COUNTS = {task_pb2.TASK_OUTCOME_RESULT: "results", task_pb2.TASK_OUTCOME_REJECTED: "rejected",
          task_pb2.TASK_OUTCOME_HALTED: "halted", task_pb2.TASK_OUTCOME_EXPIRED: "expired",
          task_pb2.TASK_OUTCOME_INSTANCE_LOST: "instance_lost",
          task_pb2.TASK_OUTCOME_REFUSED: "refused"}


class Session:
    """Numbers the requests, and after a break sends again what the server does not have.
    `send` may be called from any thread, all else from one."""

    def __init__(self, client, **opened):
        self._client = client
        self._open = session_pb2.SessionOpen(**opened)
        self._lock = threading.Lock()
        self._sent = []  # all that the server may not have
        self._numbers = 0
        self.last_event = 0
        self.connect()

    def connect(self):
        requests = queue.SimpleQueue()
        requests.put(session_pb2.SessionRequest(open=self._open))
        self._call = self._client.Session(iter(requests.get, None), timeout=600)
        opened = next(self._call).opened
        self._open = session_pb2.SessionOpen(token=opened.token)
        with self._lock:
            self._sent = [r for r in self._sent if r.number > opened.last_request]
            for request in self._sent:
                requests.put(request)
            self._requests = requests

    def send(self, **request):
        with self._lock:
            self._numbers += 1
            self._sent.append(session_pb2.SessionRequest(number=self._numbers, **request))
            self._requests.put(self._sent[-1])

    def submit(self, reference, instance, dst, **ping):
        request = session_pb2.SessionSubmit(reference=reference, instance=instance)
        request.measurement.ping.dst = dst
        for name, value in ping.items():
            if name == "wait_probe":
                request.measurement.ping.wait_probe.FromMicroseconds(round(value * 1_000_000))
            else:
                setattr(request.measurement.ping, name, value)
        self.send(submit=request)

    def done(self):
        self.send(done=session_pb2.SessionDone())

    def break_off(self):
        """The connection is gone, with all that was not read; connect goes on."""
        self._call.cancel()
        self._requests.put(None)
        self._open.last_event = self.last_event

    def events(self):
        """The events from here to the end; none is left out."""
        for event in self._call:
            assert event.number == self.last_event + 1
            self.last_event = event.number
            yield event


class Account:
    """What the events of a session say of its tasks; fails where one comes twice or from nowhere."""

    def __init__(self):
        self.accepted = {}  # by id
        self.ended = {}  # id: outcome
        self.refused = []  # references
        self.ledger = None

    def take(self, event):
        assert self.ledger is None, "an event after finished"
        kind = event.WhichOneof("event")
        if kind == "finished":
            self.ledger = event.finished.ledger
        elif kind == "accepted":
            task = event.accepted.task
            assert task.id not in self.accepted
            self.accepted[task.id] = task
        elif kind == "error" and event.error.task.id == 0:
            self.refused.append(event.error.task.reference)
        elif kind in ("result", "error"):
            ended = getattr(event, kind)
            assert self.accepted[ended.task.id] == ended.task
            assert ended.task.id not in self.ended
            self.ended[ended.task.id] = ended.outcome

    def check(self, references):
        """Of all that was submitted each was taken on and ended, or was refused, once."""
        taken = [task.reference for task in self.accepted.values()]
        assert sorted(taken + self.refused) == sorted(references)
        assert set(self.ended) == set(self.accepted)
        assert self.ledger.accepted == outcomes(self.ledger) == len(self.accepted)
        for outcome, count in COUNTS.items():
            assert getattr(self.ledger, count) == list(self.ended.values()).count(outcome)
