# SPDX-License-Identifier: Apache-2.0
"""Twenty daemons that are killed and come back, clients that vanish and come back, and cancels.

SCAMPER_GRPC_CHAOS_SECONDS: how long (12). SCAMPER_GRPC_CHAOS_SEED: what is drawn; the seed of a
failed test is in its output.
"""

import os
import random
import subprocess
import tempfile
import threading
import time

import grpc
import lab as lab_module
import pytest
from client import Server, outcomes, wait_until
from measurements import add_ping
from scamper.v1 import control_pb2, session_pb2, task_pb2
from sessions import Account, Session

SECONDS = float(os.environ.get("SCAMPER_GRPC_CHAOS_SECONDS", "12"))
SEED = os.environ.get("SCAMPER_GRPC_CHAOS_SEED")
DAEMONS = 20
SESSIONS = 3
# Of a session, submissions that wait at one instance; keeps the rate at what two processors bear.
MORE_WINDOW = 3


class Daemon(lab_module.VantagePoint):
    """Can be started while other threads run: nothing of Python is done between fork and exec."""

    def _spawn(self, command, log):
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command],
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)


@pytest.fixture
def fleet():
    reason = lab_module.unavailable()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="sgchaos-") as directory:
        daemons = [Daemon(f"vp{i}", directory, pps=10000) for i in range(DAEMONS)]
        server = Server(directory, {daemon.name: daemon.socket for daemon in daemons})
        try:
            for daemon in daemons:
                daemon.start()
            yield daemons, server.start()
        finally:
            server.stop()
            for daemon in daemons:
                daemon.stop()


class Actor(threading.Thread):
    """Does act() until it is told to stop; join raises what went wrong."""

    def __init__(self, seed):
        super().__init__(daemon=True)
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        try:
            self.act()
        except BaseException as failure:  # pylint: disable=broad-except
            self.failure = failure

    def end(self, seconds):
        self.stopping.set()
        self.join(seconds)
        if self.failure:
            raise self.failure
        assert not self.is_alive(), f"{self} did not end"

    def address(self):
        return f"127.{self.random.randint(1, 250)}.{self.random.randint(0, 255)}.{self.random.randint(1, 254)}"


class Measurer(Actor):
    """A session over all instances: a task for each `more`, halts, and broken connections."""

    def __init__(self, seed, client):
        super().__init__(seed)
        self.session = Session(client, all_instances=True, more_window=MORE_WINDOW)
        self.account = Account()
        self.references = []
        self.breaks = 0
        self.done_said = False

    def act(self):
        while self.account.ledger is None:
            for event in self.session.events():
                self.account.take(event)
                self.answer(event)
                if self.random.random() < 0.001:
                    break
            if self.account.ledger is None:
                self.session.break_off()
                self.breaks += 1
                time.sleep(self.random.uniform(0, 0.3))
                self.session.connect()

    def answer(self, event):
        if self.stopping.is_set():
            if not self.done_said:
                self.session.done()
                self.done_said = True
        elif event.HasField("more"):
            reference = len(self.references) + 1
            self.references.append(reference)
            self.session.submit(reference, event.more.instance, self.address(),
                                attempts=self.random.randint(1, 4),
                                wait_probe=self.random.choice((0.1, 0.3)))
        elif event.HasField("accepted") and self.random.random() < 0.05:
            self.session.send(halt=session_pb2.SessionHalt(task=event.accepted.task.id))
        elif event.HasField("result") and self.random.random() < 0.05:
            self.session.send(ack=session_pb2.SessionAck(event=event.number))


class Canceller(Actor):
    """Runs over all instances that are cancelled at some event."""

    def __init__(self, seed, client):
        super().__init__(seed)
        self.client = client
        self.cancels = 0

    def act(self):
        while not self.stopping.is_set():
            run = control_pb2.RunRequest(all_instances=True)
            for _ in range(10):
                add_ping(run, self.address(), attempts=3, wait_probe=0.2)
            stream = self.client.Run(run, timeout=120)
            last = self.random.randint(0, 300)
            try:
                for number, _ in enumerate(stream):
                    if number == last:
                        stream.cancel()
                        self.cancels += 1
            except grpc.RpcError as error:
                assert error.code() in (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)


def kill_and_restart(dice, daemons, failed):
    """For SECONDS, or until something failed; returns how often."""
    deadline = time.monotonic() + SECONDS
    kills = 0
    while time.monotonic() < deadline and not failed():
        time.sleep(dice.uniform(0.05, 0.4))
        victims = dice.sample(daemons, dice.randint(1, 3))
        for daemon in victims:
            daemon.kill()
        time.sleep(dice.uniform(0, 0.5))
        for daemon in victims:
            daemon.start()
        kills += len(victims)
    return kills


def test_every_task_ends_once_whatever_dies(fleet):
    seed = int(SEED) if SEED else random.randrange(1 << 32)
    print(f"SCAMPER_GRPC_CHAOS_SEED={seed}")
    daemons, server = fleet
    client = server.client()
    for daemon in daemons:
        client.wait_for_state(daemon.name, "READY")
    measurers = [Measurer(seed + i, server.client()) for i in range(SESSIONS)]
    canceller = Canceller(seed + 20, server.client())
    actors = [canceller, *measurers]
    for actor in actors:
        actor.start()
    kills = kill_and_restart(random.Random(seed), daemons, lambda: any(a.failure for a in actors))
    for actor in actors:
        actor.end(60)

    for measurer in measurers:
        measurer.account.check(measurer.references)
    ended = [outcome for m in measurers for outcome in m.account.ended.values()]
    print(f"{len(ended)} tasks, {sum(m.breaks for m in measurers)} broken connections, "
          f"{kills} kills, {canceller.cancels} cancelled runs")
    for outcome in (task_pb2.TASK_OUTCOME_RESULT, task_pb2.TASK_OUTCOME_INSTANCE_LOST,
                    task_pb2.TASK_OUTCOME_HALTED):
        assert outcome in ended
    assert min(measurer.breaks for measurer in measurers) > 0
    assert canceller.cancels > 0

    # The server's own books agree; the tasks of cancelled runs end after the cancel.
    assert wait_until(lambda: all(i.outstanding == 0 for i in client.instances().values()))
    ledgers = [instance.ledger for instance in client.instances().values()]
    for ledger in ledgers:
        assert ledger.accepted == outcomes(ledger)
    assert sum(ledger.accepted for ledger in ledgers) >= len(ended)
    assert server.process.poll() is None
