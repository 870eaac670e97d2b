# SPDX-License-Identifier: Apache-2.0
"""Queries to a name server of ours. scamper 20211212 loses results of equal queries that are under
way at the same time, and then ends."""

import contextlib
import socket
import struct
import threading
import time

import pytest
from client import wait_until
from measurements import duration
from scamper.v1 import control_pb2, host_pb2, task_pb2
from sessions import Account, Session

SERVER = "127.53.0.1"
A, AAAA = host_pb2.HOST_QUERY_TYPE_A, host_pb2.HOST_QUERY_TYPE_AAAA


class NameServer:
    """Every name has 192.0.2.1 and 2001:db8::1, after 0.2 s; what begins with "silent" has no answer."""

    ANSWERS = {A: socket.inet_pton(socket.AF_INET, "192.0.2.1"),
               AAAA: socket.inet_pton(socket.AF_INET6, "2001:db8::1")}

    def __init__(self):
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((SERVER, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that receives
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                query, client = self._socket.recvfrom(4096)
                if not query:
                    return
                threading.Thread(target=self._answer, args=(query, client), daemon=True).start()

    def _answer(self, query, client):
        end = query.index(b"\0", 12) + 5
        qtype, = struct.unpack(">H", query[end - 4:end - 2])
        self.asked.append((query[13:13 + query[12]].decode(), qtype))
        if query[13:].startswith(b"silent"):
            return
        time.sleep(0.2)
        answer = (query[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + query[12:end] +
                  struct.pack(">HHHIH", 0xc00c, qtype, 1, 60, len(self.ANSWERS[qtype])) +
                  self.ANSWERS[qtype])
        with contextlib.suppress(OSError):
            self._socket.sendto(answer, client)


@pytest.fixture
def name_server():
    with contextlib.closing(NameServer()) as server:
        yield server


def add_query(run, qname, qtype=A, **parameters):
    dns = run.measurements.add().dns
    dns.qname, dns.server, dns.qtype = qname, SERVER, qtype
    dns.attempts = 1
    for name, value in parameters.items():
        getattr(dns, name).CopyFrom(value)


def test_equal_queries_are_all_answered_and_the_daemon_goes_on(breakable, name_server):
    client = breakable.client()
    run = control_pb2.RunRequest(instances=["left"])
    for name in ("a.test", "A.test.", "a.test", "a.test", "b.test"):
        for qtype in (A, AAAA):
            add_query(run, name, qtype)
    other = client.Run(run, timeout=60)  # at the same time
    events = list(breakable.client().Run(run, timeout=60)) + list(other)
    results = [e.result for e in events if e.HasField("result")]
    assert len(results) == 20
    for result in results:
        dns, asked = result.record.host, run.measurements[result.task.measurement].dns
        assert dns.qname.lower().rstrip(".") == asked.qname.lower().rstrip(".")
        assert (dns.qtype, dns.dst) == (asked.qtype, SERVER)
        assert len(dns.queries) == 1
    assert sorted(name_server.asked).count(("b", A)) == 2
    assert len(name_server.asked) == 20
    instance = client.instances()["left"]
    assert instance.ledger.results == 20
    assert instance.ledger.instance_lost == 0


def test_a_query_that_is_halted_makes_room_for_the_equal_one(breakable, name_server):
    run = control_pb2.RunRequest()
    add_query(run, "silent.test", wait_timeout=duration(5))
    session, account = Session(breakable.client(), instances=["left"]), Account()
    for reference in (1, 2):
        session.send(submit={"reference": reference, "measurement": run.measurements[0]})
    events = session.events()
    assert wait_until(lambda: len(name_server.asked) == 1)
    session.send(halt={"reference": 1})
    while not account.ended:
        account.take(next(events))
    assert list(account.ended.values()) == [task_pb2.TASK_OUTCOME_HALTED]
    assert wait_until(lambda: len(name_server.asked) == 2)
    session.done()
    for event in events:
        account.take(event)
    account.check([1, 2])
    assert (account.ledger.halted, account.ledger.results) == (1, 1)
