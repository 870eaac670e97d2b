# SPDX-License-Identifier: Apache-2.0
"""What scamper itself refuses.

Every parameter is checked before it is sent, so the real daemon has nothing to refuse but
what its own configuration forbids. A daemon of ours stands in, with the words of a new one.
"""

import binascii
import os
import socketserver
import struct
import threading

import grpc
import pytest
from client import Server
from measurements import add_ping, ping_request
from scamper.v1 import control_pb2, task_pb2

REASON = "destination in do-not-probe list"


def data(record_type, body):
    """A record as the daemon sends it before any result."""
    record = struct.pack(">HHI", 0x1205, record_type, len(body)) + body
    lines = [binascii.b2a_uu(record[i:i + 45], backtick=True) for i in range(0, len(record), 45)]
    text = b"".join(lines) + b"`\n"
    return b"DATA %d\n" % len(text) + text


LIST = data(1, struct.pack(">II", 1, 0) + b"default\0" + b"\0")
CYCLE = data(2, struct.pack(">IIII", 1, 1, 1, 1700000000) + b"\0")


class Refusing(socketserver.StreamRequestHandler):
    """A daemon that attaches, and refuses every command."""

    ANSWERS = {"get version": "OK version 20260420", "get pps": "OK pps 100",
               "get monitorname": "OK null monitorname"}

    def handle(self):
        for line in self.rfile:
            command = line.decode().strip()
            if command.startswith("attach"):
                self.wfile.write(b"OK\nMORE\n" + LIST + CYCLE)
            else:
                answer = self.ANSWERS.get(command, f"ERR command not accepted: {REASON}")
                self.wfile.write(answer.encode() + b"\n")


@pytest.fixture
def client(tmp_path):
    path = os.path.join(tmp_path, "refusing.sock")
    with socketserver.ThreadingUnixStreamServer(path, Refusing) as daemon:
        daemon.daemon_threads = True
        threading.Thread(target=daemon.serve_forever, daemon=True).start()
        server = Server(str(tmp_path), {"refusing": path}).start()
        made = server.client()
        try:
            made.wait_for_state("refusing", "READY")
            yield made
        finally:
            made.close()
            server.stop()
            daemon.shutdown()


def test_a_refused_command_is_aborted_with_scampers_text_and_the_parameters(client):
    with pytest.raises(grpc.RpcError) as caught:
        client.Ping(ping_request("refusing", "127.0.0.1", attempts=3), timeout=30)
    assert caught.value.code() == grpc.StatusCode.ABORTED
    assert REASON in caught.value.details()
    assert "ping -c 3 127.0.0.1" in caught.value.details()


def test_in_a_run_a_refused_command_is_an_event(client):
    run = control_pb2.RunRequest(instances=["refusing"])
    add_ping(run, "127.0.0.1")
    add_ping(run, "127.0.0.2")
    events = list(client.Run(run, timeout=30))
    errors = [event.error for event in events if event.HasField("error")]
    assert {e.outcome for e in errors} == {task_pb2.TASK_OUTCOME_REJECTED}
    assert {e.status.code for e in errors} == {grpc.StatusCode.ABORTED.value[0]}
    assert all(REASON in e.status.message for e in errors)
    ledger = events[-1].done.ledger
    assert (ledger.accepted, ledger.rejected) == (2, 2)
