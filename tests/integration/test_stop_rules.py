# SPDX-License-Identifier: Apache-2.0
"""Stop rules of Run at real daemons, and runs that are joined by their request_id."""

import grpc
import pytest
from client import outcomes, wait_until
from measurements import add_ping, duration, ping_request
from scamper.v1 import control_pb2
from test_run import LONG, check


@pytest.fixture
def run():
    return control_pb2.RunRequest(instances=["left"])


def is_free(client, dst):
    """scamper takes measurements of one destination one after the other: this one ends only
    where the one before was halted there."""
    result = client.Ping(ping_request("left", dst, attempts=1), timeout=30).result
    return result.record.ping.summary.nreplies == 1


def counted(client):
    """The ledger of "left", when all has ended."""
    assert wait_until(lambda: client.instances()["left"].outstanding == 0)
    ledger = client.instances()["left"].ledger
    assert ledger.accepted == outcomes(ledger)
    return ledger


def check_stopped(events):
    """What holds where tasks were stopped, and may have left what they had measured: the ledger."""
    done = events[-1].done
    ended = [e.WhichOneof("event") for e in events[:-1]]
    assert done.ledger.accepted == outcomes(done.ledger) == ended.count("accepted")
    assert ended.count("result") + ended.count("error") == done.ledger.accepted
    return done.ledger


def test_enough_results_halt_the_rest(breakable, run):
    client = breakable.client()
    for number in range(1, 11):
        add_ping(run, f"127.0.1.{number}", attempts=1)
        add_ping(run, f"127.0.2.{number}", **LONG)
    run.stop.results = 10
    events = list(client.Run(run, timeout=60))
    ledger = check_stopped(events)
    assert events[-1].done.stopped_by == control_pb2.STOP_REASON_RESULTS
    assert ledger.accepted - ledger.halted == 10
    assert is_free(client, "127.0.2.1")
    assert counted(client).halted == ledger.halted == 10


def test_enough_results_of_a_destination_halt_what_remains_for_it(breakable):
    client = breakable.client()
    run = control_pb2.RunRequest()
    add_ping(run, "127.0.3.1", **LONG).instances.append("left")
    add_ping(run, "127.0.3.1", attempts=1).instances.append("right")
    add_ping(run, "127.0.3.2", attempts=3, wait_probe=0.3).instances.append("left")
    run.stop.results_per_destination = 1
    events = list(client.Run(run, timeout=60))
    ledger = check_stopped(events)
    assert events[-1].done.stopped_by == control_pb2.STOP_REASON_UNSPECIFIED
    assert (ledger.accepted, ledger.halted) == (3, 1)
    assert is_free(client, "127.0.3.1")
    assert counted(client).halted == 1


def test_quiet_halts_what_is_out(breakable, run):
    client = breakable.client()
    add_ping(run, "127.0.4.1", attempts=1)
    add_ping(run, "127.0.4.2", **LONG)
    run.stop.quiet_time.CopyFrom(duration(3))
    events = list(client.Run(run, timeout=60))
    ledger = check_stopped(events)
    assert events[-1].done.stopped_by == control_pb2.STOP_REASON_QUIET_TIME
    assert (ledger.accepted, ledger.halted) == (2, 1)
    assert is_free(client, "127.0.4.2")
    assert counted(client).halted == 1


def test_the_time_limit_expires_what_is_out(breakable, run):
    client = breakable.client()
    add_ping(run, "127.0.5.1", attempts=1)
    add_ping(run, "127.0.5.2", **LONG)
    run.stop.time_limit.CopyFrom(duration(3))
    events = list(client.Run(run, timeout=60))
    ledger = check_stopped(events)
    assert events[-1].done.stopped_by == control_pb2.STOP_REASON_TIME_LIMIT
    assert (ledger.accepted, ledger.expired) == (2, 1)
    assert is_free(client, "127.0.5.2")
    assert counted(client).expired == 1


def test_the_same_request_id_joins_the_run(breakable, run):
    client = breakable.client()
    for number in range(1, 11):
        add_ping(run, f"127.0.6.{number}", attempts=4, wait_probe=0.3)
    run.request_id = "one-and-the-same"
    first = client.Run(run, timeout=60)
    begun = [next(first) for _ in range(5)]
    joined = list(breakable.client().Run(run, timeout=60))
    assert begun + list(first) == joined == list(client.Run(run, timeout=60))
    assert check(joined).results == 10
    assert counted(client).accepted == 10
    add_ping(run, "127.0.6.11", attempts=1)
    with pytest.raises(grpc.RpcError) as caught:
        list(client.Run(run, timeout=60))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_a_run_with_a_request_id_outlives_its_client(breakable, run):
    client = breakable.client()
    for number in range(1, 6):
        add_ping(run, f"127.0.7.{number}", attempts=4, wait_probe=0.3)
    run.request_id = "again"
    first = client.Run(run, timeout=60)
    next(first)
    first.cancel()
    assert check(list(breakable.client().Run(run, timeout=60))).results == 5
    assert counted(client).accepted == 5
