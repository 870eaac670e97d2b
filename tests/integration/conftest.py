# SPDX-License-Identifier: Apache-2.0
"""What the integration tests share: one lab and one server on its vantage points."""

import os
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import lab as lab_module  # noqa: E402
from client import Server  # noqa: E402


def pytest_sessionstart(session):
    lab_module.exit_on_signals()


@pytest.fixture(scope="session")
def lab():
    reason = lab_module.unavailable()
    if reason:
        pytest.skip(reason)
    with lab_module.Lab() as running:
        yield running


@pytest.fixture(scope="session")
def server(lab):
    """One server for all tests that break nothing, on vp1, vp2 and vp3."""
    running = Server(lab.directory, {name: vp.socket for name, vp in lab.vps.items()}).start()
    client = running.client()
    for name in lab.vps:
        client.wait_for_state(name, "READY")
    client.close()
    yield running
    running.stop()


@pytest.fixture
def client(server):
    made = server.client()
    yield made
    made.close()


class Breakable:
    """Two daemons on loopback, and a server on them, for tests that kill or restart them."""

    def __init__(self, directory):
        self.daemons = {name: lab_module.VantagePoint(name, directory, pps=2000)
                        for name in ("left", "right")}
        self.server = Server(directory, {n: d.socket for n, d in self.daemons.items()})
        self._clients = []

    def start(self):
        for daemon in self.daemons.values():
            daemon.start()
        self.server.start()
        client = self.client()
        for name in self.daemons:
            client.wait_for_state(name, "READY")

    def client(self, options=()):
        self._clients.append(self.server.client(options))
        return self._clients[-1]

    def stop(self):
        for client in self._clients:
            client.close()
        try:
            self.server.stop()
        finally:
            for daemon in self.daemons.values():
                daemon.stop()


@pytest.fixture
def breakable():
    reason = lab_module.unavailable()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="sgtest-") as directory:
        running = Breakable(directory)
        try:
            running.start()
            yield running
        finally:
            running.stop()
