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
from client import Server, wait_until
from measurements import add_ping, ping_request
from scamper.v1 import control_pb2, session_pb2, task_pb2
from sessions import Session

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
    """A daemon that attaches, but closes without a word where the name of the list is in use, and
    refuses every command."""

    ANSWERS = {"get version": "OK version 20260420", "get pps": "OK pps 100",
               "get monitorname": "OK null monitorname"}

    def handle(self):
        for line in self.rfile:
            command = line.decode().strip()
            if command.startswith("attach"):
                break
            answer = self.ANSWERS.get(command, f"ERR command not accepted: {REASON}")
            self.wfile.write(answer.encode() + b"\n")
        else:
            return
        attached = self.server.attached
        if command in attached and command != "attach":
            return
        attached.append(command)
        self.wfile.write(b"OK\nMORE\n" + LIST + CYCLE)
        for _ in self.rfile:
            self.wfile.write(f"ERR command not accepted: {REASON}\n".encode())
        attached.remove(command)


class Daemon(socketserver.ThreadingUnixStreamServer):
    """Serves by itself; `attached` has the attach command of each connection."""

    daemon_threads = True

    def __init__(self, path, handler):
        super().__init__(path, handler)
        self.attached = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def server_close(self):
        self.shutdown()
        super().server_close()


@pytest.fixture
def daemon(tmp_path):
    with Daemon(os.path.join(tmp_path, "refusing.sock"), Refusing) as made:
        yield made


@pytest.fixture
def client(daemon, tmp_path):
    server = Server(str(tmp_path), {"refusing": daemon.server_address}).start()
    made = server.client()
    try:
        made.wait_for_state("refusing", "READY")
        yield made
    finally:
        made.close()
        server.stop()


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


def test_a_name_in_use_is_an_eof_until_it_is_free(client, daemon):
    metadata = session_pb2.SessionMetadata(list_id=7, list_name="lab-vp1", list_descr="a b",
                                           cycle_id=3, monitor="vp1")
    first = Session(client, metadata=metadata)
    assert next(first.events()).HasField("more")
    attach = 'attach list_id 7 cycle_id 3 name "lab-vp1" monitor "vp1" descr "a b"'
    assert daemon.attached == ["attach", attach]
    second = Session(client, metadata=metadata)
    eof = next(second.events()).eof
    assert eof.status.code == grpc.StatusCode.UNAVAILABLE.value[0]
    assert "name of the list is in use" in eof.status.message
    first.done()
    assert list(first.events())[-1].HasField("finished")
    assert next(second.events()).HasField("more")
    assert wait_until(lambda: daemon.attached == ["attach", attach])
