# SPDX-License-Identifier: Apache-2.0
"""Run: events, the ledger, lost instances, slow and impatient clients."""

import collections
import threading

import grpc
import pytest
from client import SANITIZED, outcomes, wait_until
from lab import SILENT, TARGET, TARGET6, UNREACHABLE
from measurements import add_ping, add_trace, ping_request
from scamper.v1 import control_pb2, task_pb2

LOST = task_pb2.TASK_OUTCOME_INSTANCE_LOST


def loopback(number):
    return f"127.{1 + number // 65536}.{number // 256 % 256}.{number % 256}"


def kinds(events):
    return collections.Counter(event.WhichOneof("event") for event in events)


def check(events):
    """What holds for every stream that ends by itself: returns its ledger."""
    assert [e for e in events if e.HasField("done")] == [events[-1]]
    ledger = events[-1].done.ledger
    accepted = {}
    ended = set()
    for event in events[:-1]:
        kind = event.WhichOneof("event")
        task = getattr(event, kind).task
        if kind == "accepted":
            assert task.id not in accepted
            accepted[task.id] = task
        else:
            assert accepted[task.id] == task
            if kind != "progress":
                assert task.id not in ended
                ended.add(task.id)
    assert ended == set(accepted)
    counted = kinds(events)
    assert ledger.accepted == counted["accepted"] == outcomes(ledger)
    # Those that were halted or expired when they ran have a result as well.
    assert ledger.results == sum(event.result.outcome == task_pb2.TASK_OUTCOME_RESULT
                                 for event in events if event.HasField("result"))
    return ledger


def test_mixed_measurements_on_all_instances_give_each_event_once(client):
    run = control_pb2.RunRequest(all_instances=True)
    add_ping(run, TARGET, attempts=2, wait_probe=0.1)
    add_ping(run, TARGET6, attempts=2, wait_probe=0.1)
    add_trace(run, TARGET)
    add_trace(run, UNREACHABLE)
    add_ping(run, SILENT, attempts=1)
    events = list(client.Run(run, timeout=120))
    ledger = check(events)
    assert ledger.accepted == ledger.results == 15
    where = {(e.result.task.instance, e.result.task.measurement): e.result for e in events
             if e.HasField("result")}
    assert set(where) == {(vp, m) for vp in ("vp1", "vp2", "vp3") for m in range(5)}
    for (vp, m), result in where.items():
        record = result.record
        done = getattr(record, record.WhichOneof("kind"))
        asked = getattr(run.measurements[m], run.measurements[m].WhichOneof("kind"))
        assert record.WhichOneof("kind") == run.measurements[m].WhichOneof("kind")
        assert done.dst == asked.dst
        assert result.list.monitor == vp


def test_a_measurement_can_choose_its_own_instances(client):
    run = control_pb2.RunRequest(instances=["vp1"])
    add_ping(run, TARGET, attempts=1)
    add_ping(run, TARGET, attempts=1).instances.extend(["vp2", "vp3"])
    events = list(client.Run(run, timeout=60))
    check(events)
    assert {(e.result.task.instance, e.result.task.measurement) for e in events
            if e.HasField("result")} == {("vp1", 0), ("vp2", 1), ("vp3", 1)}


def test_results_belong_to_their_tasks_when_many_look_alike(client):
    run = control_pb2.RunRequest(instances=["vp2"])
    for number in range(60):
        add_ping(run, f"192.0.2.{10 + number % 20}", attempts=1 + number % 3, wait_probe=0.1,
                 userid=number)
    events = list(client.Run(run, timeout=120))
    assert check(events).results == 60
    for event in events:
        if event.HasField("result"):
            asked = run.measurements[event.result.task.measurement].ping
            got = event.result.record.ping
            assert (got.dst, got.userid, got.attempts) == (asked.dst, asked.userid, asked.attempts)


def test_a_version_too_old_is_an_event_and_the_others_go_on(client):
    run = control_pb2.RunRequest(instances=["vp2"])
    add_ping(run, TARGET, attempts=1)
    add_ping(run, TARGET, payload_size=20)
    add_ping(run, TARGET, attempts=1)
    events = list(client.Run(run, timeout=60))
    ledger = check(events)
    assert (ledger.results, ledger.rejected) == (2, 1)
    (error,) = [e.error for e in events if e.HasField("error")]
    assert error.task.measurement == 1
    assert error.outcome == task_pb2.TASK_OUTCOME_REJECTED
    assert error.status.code == grpc.StatusCode.FAILED_PRECONDITION.value[0]


def test_a_killed_daemon_loses_its_100_tasks_and_no_others(breakable):
    client = breakable.client()
    run = control_pb2.RunRequest()
    for number in range(100):  # minutes of work: none ends by itself before the kill
        add_ping(run, loopback(number), attempts=600, wait_probe=1).instances.append("left")
    for number in range(20):
        add_ping(run, loopback(number), attempts=8, wait_probe=0.5).instances.append("right")
    events = []
    stream = client.Run(run, timeout=120)
    for event in stream:
        events.append(event)
        if kinds(events)["accepted"] == 120:
            break
    assert wait_until(lambda: client.instances()["left"].outstanding == 100)
    breakable.daemons["left"].kill()
    events += stream
    ledger = check(events)
    assert (ledger.accepted, ledger.results, ledger.instance_lost) == (120, 20, 100)
    errors = [e.error for e in events if e.HasField("error")]
    assert {e.task.instance for e in errors} == {"left"}
    assert {e.outcome for e in errors} == {LOST}
    assert {e.status.code for e in errors} == {grpc.StatusCode.UNAVAILABLE.value[0]}
    instance = client.wait_for_state("left", "LOST")
    assert instance.error
    assert instance.ledger.accepted == outcomes(instance.ledger) == 100


def test_an_instance_that_is_down_is_unavailable_and_found_again(breakable):
    client = breakable.client()
    breakable.daemons["left"].kill()
    client.wait_for_state("left", "LOST")
    with pytest.raises(grpc.RpcError) as caught:
        client.Ping(ping_request("left", "127.0.0.1", attempts=1), timeout=30)
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
    run = control_pb2.RunRequest(instances=["left", "right"])
    add_ping(run, "127.0.0.1", attempts=1)
    ledger = check(list(client.Run(run, timeout=60)))
    assert (ledger.results, ledger.instance_lost) == (1, 1)
    run = control_pb2.RunRequest(all_instances=True)
    add_ping(run, "127.0.0.1", attempts=1)
    assert check(list(client.Run(run, timeout=60))).accepted == 1

    breakable.daemons["left"].start()
    client.wait_for_state("left", "READY", seconds=60)
    result = client.Ping(ping_request("left", "127.0.0.1", attempts=1), timeout=30).result
    assert result.record.ping.summary.nreplies == 1


def test_watching_shows_loss_and_return(breakable):
    client = breakable.client()
    watch = client.WatchInstances(control_pb2.WatchInstancesRequest(), timeout=120)
    first = [next(watch).instance for _ in range(2)]
    assert [(i.name, i.state) for i in first] == [
        ("left", control_pb2.INSTANCE_STATE_READY), ("right", control_pb2.INSTANCE_STATE_READY)]
    breakable.daemons["right"].kill()
    states = []
    for event in watch:
        assert event.instance.name == "right"
        states.append(event.instance.state)
        if states == [control_pb2.INSTANCE_STATE_LOST]:
            breakable.daemons["right"].start()
        if event.instance.state == control_pb2.INSTANCE_STATE_READY:
            break
    watch.cancel()
    assert states[0] == control_pb2.INSTANCE_STATE_LOST
    assert states[-1] == control_pb2.INSTANCE_STATE_READY


def test_without_any_instance_ready_all_is_unavailable(breakable):
    client = breakable.client()
    for name, daemon in breakable.daemons.items():
        daemon.kill()
        client.wait_for_state(name, "LOST")
    run = control_pb2.RunRequest(all_instances=True)
    add_ping(run, "127.0.0.1")
    with pytest.raises(grpc.RpcError) as caught:
        list(client.Run(run, timeout=30))
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE


# scamper takes measurements of one destination one after the other: a second ping to it can
# end only when the first, which would take ten minutes, was halted there.
LONG = {"attempts": 600, "wait_probe": 1}


def second_ping_ends(client, dst):
    result = client.Ping(ping_request("left", dst, attempts=1), timeout=60).result
    return result.record.ping.summary.nreplies == 1


def outstanding(client):
    return client.instances()["left"].outstanding


def test_cancelling_a_unary_call_halts_at_scamper(breakable):
    client = breakable.client()
    call = client.Ping.future(ping_request("left", "127.0.0.7", **LONG), timeout=300)
    assert wait_until(lambda: outstanding(client) == 1)
    call.cancel()
    assert second_ping_ends(client, "127.0.0.7")
    assert wait_until(lambda: client.instances()["left"].ledger.halted == 1)


def test_the_deadline_of_a_unary_call_halts_at_scamper(breakable):
    client = breakable.client()
    with pytest.raises(grpc.RpcError) as caught:
        client.Ping(ping_request("left", "127.0.0.8", **LONG), timeout=1)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert second_ping_ends(client, "127.0.0.8")
    ledger = client.instances()["left"].ledger
    assert ledger.halted + ledger.expired == 1
    assert ledger.accepted == outcomes(ledger) == 2


def test_cancelling_a_run_halts_what_is_out_and_issues_no_more(breakable):
    client = breakable.client()
    run = control_pb2.RunRequest(instances=["left"])
    for number in range(50):
        add_ping(run, loopback(number), **LONG)
    stream = client.Run(run, timeout=300)
    next(stream)
    assert wait_until(lambda: outstanding(client) > 0)
    stream.cancel()
    assert second_ping_ends(client, loopback(0))
    assert wait_until(lambda: outstanding(client) == 0)
    ledger = client.instances()["left"].ledger
    assert ledger.accepted == outcomes(ledger)
    assert ledger.halted == ledger.accepted - 1


def test_the_deadline_of_a_run_halts_at_scamper(breakable):
    client = breakable.client()
    run = control_pb2.RunRequest(instances=["left"])
    for number in range(5):
        add_ping(run, loopback(number), **LONG)
    with pytest.raises(grpc.RpcError) as caught:
        list(client.Run(run, timeout=1))
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert second_ping_ends(client, loopback(0))
    assert wait_until(lambda: outstanding(client) == 0)
    ledger = client.instances()["left"].ledger
    assert ledger.accepted == outcomes(ledger)


def test_a_slow_reader_is_paused_and_hinders_nobody(breakable):
    tasks = 20000
    slow = breakable.client(options=[("grpc.http2.lookahead_bytes", 65536),
                                     ("grpc.max_receive_message_length", 1 << 20)])
    other = breakable.client()
    run = control_pb2.RunRequest(instances=["left"])
    for number in range(tasks):  # big records, so that what waits would be seen
        add_ping(run, loopback(number), attempts=1, payload=bytes(1000), size=1028)
    run.options.warts = True
    run.options.addresses = True
    before = breakable.server.resident_bytes()
    stream = slow.Run(run, timeout=600)
    next(stream)

    # Paused: nothing is out, nothing moves, and tasks remain.
    def stands_still():
        first = other.instances()["left"]
        threading.Event().wait(0.5)
        second = other.instances()["left"]
        return second.outstanding == 0 and first.ledger == second.ledger

    assert wait_until(stands_still, 120)
    done = other.instances()["left"].ledger.results
    assert 0 < done < tasks
    if not SANITIZED:  # which keeps freed memory
        assert breakable.server.resident_bytes() - before < 200 << 20
    for number in range(20):
        result = other.Ping(ping_request("left", f"127.250.0.{number}", attempts=1), timeout=30)
        assert result.result.record.ping.summary.nreplies == 1
    # Reading on, it gets everything.
    results = 1
    ledger = None
    for event in stream:
        if event.HasField("done"):
            ledger = event.done.ledger
        results += 1
    assert ledger.accepted == ledger.results == tasks
    assert results == 2 * tasks + 1


def test_two_clients_share_an_instance_by_turns(breakable):
    first, second = breakable.client(), breakable.client()
    big = control_pb2.RunRequest(instances=["left"])
    for number in range(5000):
        add_ping(big, loopback(number), attempts=1)
    stream = first.Run(big, timeout=300)
    next(stream)
    small = control_pb2.RunRequest(instances=["left"])
    for number in range(5):
        add_ping(small, f"127.251.0.{number}", attempts=1)
    assert check(list(second.Run(small, timeout=60))).results == 5
    assert first.instances()["left"].ledger.results < 5000
    stream.cancel()
