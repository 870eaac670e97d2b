# SPDX-License-Identifier: Apache-2.0
"""Vantage points behind sc_remoted: its directory of sockets, and a mux."""

import os
import tempfile

import grpc
import pytest
from client import Server, cli, outcomes, wait_until
from lab import unavailable
from measurements import add_ping, ping_request, trace_request
from remoted import Mux, Remoted
from scamper.v1 import control_pb2, task_pb2

HAMILTON = [(1, "hlz-nz"), (2, "1700000000.000250"), (3, "192.0.2.1"), (4, "64496"), (5, "NZ"),
            (6, "WKO"), (7, "Hamilton East"), (8, "-37.78,175.28"), (10, "fast"), (10, "ark")]
SYDNEY = [(1, "syd-au"), (2, "1700000001.5"), (12, "2001:db8::1"), (13, "64500"), (5, "AU")]


@pytest.fixture(scope="module", name="remoted")
def remoted_with_daemons():
    reason = unavailable()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="sgtest-") as directory, Remoted(directory) as running:
        running.directory = directory
        for name in ("hlz-nz", "syd-au"):
            running.start_vp(name)
            running.path(name)
        yield running


@pytest.fixture(name="serve")
def servers(remoted):
    """Starts servers with flags; ends them."""
    started = []

    def start(*flags):
        server = Server(remoted.directory, {}, name=f"server{len(started)}", flags=flags).start()
        client = server.client()
        started.append((server, client))
        return server, client

    yield start
    for server, client in started:
        client.close()
        server.stop()


def test_vantage_points_of_a_directory_appear_and_go(remoted, serve):
    _, client = serve("--remote_dir", "ark=" + remoted.sockets)
    ready = client.wait_for_state("hlz-nz", "READY")
    assert ready.source == "ark"
    assert ready.vantage_point.monitor_name == "hlz-nz"
    assert ready.vantage_point.ipv4 == "127.0.0.1"
    assert ready.version == ""
    daemon = remoted.start_vp("chc-nz")
    client.wait_for_state("chc-nz", "READY")
    result = client.Ping(ping_request("chc-nz", "127.0.0.1", attempts=1), timeout=30).result
    assert result.record.ping.dst == "127.0.0.1"
    watch = client.WatchInstances(control_pb2.WatchInstancesRequest(), timeout=60)
    request = control_pb2.RunRequest(instances=["chc-nz"])
    add_ping(request, "127.0.0.2", attempts=600, wait_probe=1)
    run = client.Run(request, timeout=60)
    assert next(run).HasField("accepted")
    assert wait_until(lambda: client.instances()["chc-nz"].outstanding == 1)
    remoted.end(daemon)
    for event in watch:
        if event.instance.state == control_pb2.INSTANCE_STATE_GONE:
            break
    assert event.instance.name == "chc-nz"
    watch.cancel()
    *_, lost, done = run
    assert lost.error.outcome == task_pb2.TASK_OUTCOME_INSTANCE_LOST
    assert done.done.ledger.accepted == outcomes(done.done.ledger) == 1
    assert "chc-nz" not in client.instances()
    # One that is started again is the same to people.
    remoted.start_vp("chc-nz")
    client.wait_for_state("chc-nz", "READY")


def test_a_result_without_a_number_tells_that_the_daemon_is_old(remoted, serve):
    _, client = serve("--remote", "one=" + remoted.path("syd-au"))
    client.wait_for_state("one", "READY")
    client.Trace(trace_request("one", "127.0.0.1"), timeout=30)
    instance = client.instances()["one"]
    assert instance.version == "20211212"
    assert instance.version_source == control_pb2.VERSION_SOURCE_LEARNT
    assert "trace" in instance.capabilities
    assert "http" not in instance.capabilities


def test_a_version_that_was_told_refuses_what_it_lacks(remoted, serve):
    _, client = serve("--remote", "one=" + remoted.path("syd-au"), "--version_of", "one=20211212")
    client.wait_for_state("one", "READY")
    with pytest.raises(grpc.RpcError) as refused:
        client.Ping(ping_request("one", "127.0.0.1", sockrx=True), timeout=30)
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert "20211212" in refused.value.details()


def test_a_mux_tells_of_its_vantage_points_and_carries_their_measurements(remoted, serve):
    mux = Mux(os.path.join(remoted.directory, "mux"))
    first = mux.add(remoted.path("hlz-nz"), HAMILTON)
    mux.add(remoted.path("syd-au"), SYDNEY)
    server, client = serve("--mux", "ark=" + mux.path, "--version_of", "ark=20211212")
    client.wait_for_state("syd-au", "READY")
    hamilton = client.wait_for_state("hlz-nz", "READY").vantage_point
    assert (hamilton.asn4, hamilton.country, hamilton.place) == (64496, "NZ", "Hamilton East")
    assert hamilton.location.latitude == -37.78
    assert list(hamilton.tags) == ["fast", "ark"]

    request = control_pb2.RunRequest(all_instances=True)
    for number in range(100):
        add_ping(request, f"127.0.1.{number}", attempts=1)
    *_, done = client.Run(request, timeout=60)
    assert done.done.ledger.results == done.done.ledger.accepted == 200

    request.ClearField("all_instances")
    request.instance_filter = "country = NZ AND tags:fast AND latitude < 0"
    events = list(client.Run(request, timeout=60))
    assert {e.result.task.instance for e in events if e.HasField("result")} == {"hlz-nz"}
    listed = cli("--server", server.address, "instances", "--filter", "asn = AS64500")
    assert "syd-au" in listed.stdout and "hlz-nz" not in listed.stdout

    mux.depart(first)
    assert wait_until(lambda: "hlz-nz" not in client.instances())
    assert "syd-au" in client.instances()
    mux.close()


def test_a_filter_that_is_wrong_or_holds_for_none_is_refused(remoted, serve):
    _, client = serve("--remote_dir", remoted.sockets)
    client.wait_for_state("hlz-nz", "READY")
    for text, code, words in (("nmae = x", "INVALID_ARGUMENT", "instance_filter: at 1: no field"),
                              ("name = akl*", "NOT_FOUND", "holds for no instance")):
        request = control_pb2.RunRequest(instance_filter=text)
        add_ping(request, "127.0.0.1", attempts=1)
        with pytest.raises(grpc.RpcError) as refused:
            list(client.Run(request, timeout=30))
        assert refused.value.code() == grpc.StatusCode[code]
        assert words in refused.value.details()


def test_instances_and_sources_are_attached_and_detached_by_administrators(remoted, serve):
    server, client = serve("--allow_attach")
    attached = cli("--server", server.address, "attach", "remote_dir:" + remoted.sockets,
                   "--name", "ark", "--version-of", "20211212")
    assert attached.stdout == "ark\n"
    ready = client.wait_for_state("hlz-nz", "READY")
    assert ready.version_source == control_pb2.VERSION_SOURCE_CONFIGURED
    with pytest.raises(grpc.RpcError) as refused:
        client.DetachInstance(control_pb2.DetachInstanceRequest(name="hlz-nz"), timeout=30)
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    client.AttachInstance(control_pb2.AttachInstanceRequest(
        endpoint="remote:" + remoted.path("syd-au"), name="one"), timeout=30)
    client.wait_for_state("one", "READY")
    assert cli("--server", server.address, "detach", "ark").returncode == 0
    assert set(client.instances()) == {"one"}
    assert cli("--server", server.address, "detach", "one").returncode == 0
    assert not client.instances()


def test_nobody_attaches_unless_the_server_allows_it(remoted, serve):
    _, client = serve()
    with pytest.raises(grpc.RpcError) as refused:
        client.AttachInstance(control_pb2.AttachInstanceRequest(
            endpoint="remote_dir:" + remoted.sockets), timeout=30)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert "--allow_attach" in refused.value.details()
