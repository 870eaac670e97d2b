# SPDX-License-Identifier: Apache-2.0
"""Session with real daemons: more, instance_done, done, halt, eof, and broken connections."""

import collections

import grpc
import pytest
from client import outcomes, status_of, violations, wait_until
from measurements import ping_request
from scamper.v1 import session_pb2, task_pb2
from sessions import Account, Session
from test_run import LONG


def finish(session, account):
    """Says done and takes all to the end; returns these events."""
    session.done()
    events = []
    for event in session.events():
        account.take(event)
        events.append(event)
    return events


def test_a_task_for_each_more_until_done(breakable):
    session = Session(breakable.client(), all_instances=True, more_window=2)
    account, submitted, left_done = Account(), [], False
    per_instance = collections.Counter()
    for event in session.events():
        account.take(event)
        if event.HasField("more"):
            name = event.more.instance
            if per_instance[name] < 30:
                per_instance[name] += 1
                submitted.append(len(submitted) + 1)
                session.submit(submitted[-1], name, f"127.0.1.{len(submitted)}", attempts=1)
            elif name == "left" and not left_done:
                left_done = True
                session.send(instance_done=session_pb2.SessionInstanceDone(instance="left"))
        if event.HasField("instance_done"):
            assert event.instance_done.instance == "left"
            assert sum(account.accepted[i].instance == "left" for i in account.ended) == 30
            break
    events = finish(session, account)
    assert per_instance == {"left": 30, "right": 30}
    assert events[-1].HasField("finished")
    account.check(submitted)
    assert account.ledger.results == 60


def test_halts_reach_scamper_and_the_session_goes_on(breakable):
    client = breakable.client()
    session = Session(client, instances=["left"])
    account = Account()
    for reference in (1, 2, 3):
        session.submit(reference, "", f"127.0.2.{reference}", **LONG)
    events = session.events()
    while len(account.accepted) < 3:
        account.take(next(events))
    session.send(halt=session_pb2.SessionHalt(reference=2))
    while not account.ended:
        account.take(next(events))
    (halted,) = account.ended
    assert account.accepted[halted].reference == 2
    # scamper takes measurements of one destination one after the other.
    assert client.Ping(ping_request("left", "127.0.2.2", attempts=1), timeout=30).HasField("result")
    session.submit(4, "left", "127.0.2.4", attempts=1)
    while len(account.ended) < 2:
        account.take(next(events))
    session.send(halt=session_pb2.SessionHalt(all=True))
    finish(session, account)
    account.check([1, 2, 3, 4])
    assert (account.ledger.results, account.ledger.halted) == (1, 3)


def test_what_is_not_taken_on_is_an_error_without_a_task(breakable):
    session = Session(breakable.client(), instances=["left"])
    account = Account()
    session.submit(1, "right", "127.0.3.1", attempts=1)
    session.submit(2, "left", "not an address", attempts=1)
    session.submit(3, "left", "127.0.3.3", attempts=1)
    events = finish(session, account)
    codes = {e.error.task.reference: e.error.status.code for e in events if e.HasField("error")}
    assert codes == {1: grpc.StatusCode.NOT_FOUND.value[0],
                     2: grpc.StatusCode.INVALID_ARGUMENT.value[0]}
    account.check([1, 2, 3])
    assert account.ledger.results == 1


def test_nothing_is_lost_or_twice_over_broken_connections(breakable):
    session = Session(breakable.client(), all_instances=True)
    account, submitted = Account(), list(range(1, 61))
    for reference in submitted:
        session.submit(reference, "left" if reference % 2 else "right", f"127.0.4.{reference}",
                       attempts=2, wait_probe=0.1)
        if reference == 30:  # perhaps not all has reached the server
            session.break_off()
            session.connect()
    breaks = 1
    while len(account.ended) < 60:
        for event in session.events():
            account.take(event)
            if event.number % 25 == 0 or len(account.ended) == 60:
                break
        session.break_off()
        session.connect()
        breaks += 1
    finish(session, account)
    assert breaks > 5
    account.check(submitted)
    assert account.ledger.results == 60


def test_a_token_that_is_unknown_cannot_go_on(breakable):
    call = breakable.client().Session(
        iter([session_pb2.SessionRequest(open=session_pb2.SessionOpen(token="none"))]), timeout=30)
    with pytest.raises(grpc.RpcError) as caught:
        next(call)
    assert status_of(caught.value).code == grpc.StatusCode.NOT_FOUND.value[0]


def test_a_lost_daemon_is_an_eof_and_more_comes_when_it_is_back(breakable):
    session = Session(breakable.client(), instances=["left"], more_window=3)
    account, seen = Account(), []
    session.submit(1, "left", "127.0.5.1", **LONG)
    for event in session.events():
        account.take(event)
        seen.append(event.WhichOneof("event"))
        if seen[-1] == "accepted" and len(account.accepted) == 1:
            breakable.daemons["left"].kill()
        elif seen[-1] == "eof":
            assert event.eof.status.code == grpc.StatusCode.UNAVAILABLE.value[0]
            assert list(account.ended.values()) == [task_pb2.TASK_OUTCOME_INSTANCE_LOST]
            breakable.daemons["left"].start()
        elif seen[-1] == "more" and "eof" in seen:
            break
    session.submit(2, "left", "127.0.5.1", attempts=1)
    finish(session, account)
    account.check([1, 2])
    assert (account.ledger.results, account.ledger.instance_lost) == (1, 1)


def test_a_session_that_nobody_comes_back_to_is_halted_after_its_time(breakable):
    breakable.server.stop()
    breakable.server.start("--session_grace", "1")
    client = breakable.client()
    client.wait_for_state("left", "READY")
    session = Session(client, instances=["left"])
    session.submit(1, "left", "127.0.6.1", **LONG)
    for event in session.events():
        if event.HasField("accepted"):
            break
    session.break_off()
    assert wait_until(lambda: outcomes(client.instances()["left"].ledger) == 1)
    assert client.instances()["left"].ledger.halted == 1
    with pytest.raises(grpc.RpcError) as failed:
        session.connect()
    assert failed.value.code() == grpc.StatusCode.NOT_FOUND


def test_metadata_of_its_own_gives_connections_of_its_own(breakable):
    session = Session(breakable.client(), instances=["left"], metadata=session_pb2.SessionMetadata())
    account = Account()
    session.submit(1, "left", "127.0.7.1", attempts=1)
    results = [e.result for e in finish(session, account) if e.HasField("result")]
    account.check([1])
    shared = breakable.client().Ping(ping_request("left", "127.0.7.1", attempts=1), timeout=30)
    # scamper names a list by the connection.
    assert results[0].list.name != shared.result.list.name
    assert results[0].list.name.split(":")[0] == shared.result.list.name.split(":")[0]
    ledger = breakable.client().instances()["left"].ledger
    assert (ledger.accepted, ledger.results) == (2, 2)


def test_an_instance_too_old_for_metadata_is_an_eof_and_takes_nothing(breakable):
    session = Session(breakable.client(), instances=["left"],
                      metadata=session_pb2.SessionMetadata(list_id=7, list_name="mine"))
    account = Account()
    session.submit(1, "left", "127.0.7.2", attempts=1)
    events = finish(session, account)
    (eof,) = [e.eof for e in events if e.HasField("eof")]
    (error,) = [e.error for e in events if e.HasField("error")]
    for status in (eof.status, error.status):
        assert status.code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
        assert "20211212" in status.message and "20230605" in status.message
    account.check([1])
    assert breakable.client().instances()["left"].ledger.accepted == 0


def test_metadata_that_could_break_the_line_is_refused_by_name(breakable):
    client = breakable.client()
    for field in ("list_name", "list_descr", "monitor"):
        for text in ('a" cycle_id 5', "a\nattach", "\0", "\u00e9", "", "a" * 256):
            opened = session_pb2.SessionOpen(
                instances=["left"], metadata=session_pb2.SessionMetadata(**{field: text}))
            with pytest.raises(grpc.RpcError) as caught:
                next(client.Session(iter([session_pb2.SessionRequest(open=opened)]), timeout=30))
            assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
            assert list(violations(status_of(caught.value))) == [f"open.metadata.{field}"]
