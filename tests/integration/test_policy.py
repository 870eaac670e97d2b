# SPDX-License-Identifier: Apache-2.0
"""What the server refuses, what it limits, and what it says that it would do."""

import os
import subprocess
import tempfile

import grpc
import lab as lab_module
import pytest
from client import SERVER, Server, cli, outcomes, status_of, wait_until
from google.rpc import error_details_pb2
from measurements import add_ping, add_trace, ping_request
from scamper.v1 import control_pb2, explain_pb2, task_pb2
from test_rejection import Daemon, Refusing

RULES = "# not ours\n127.0.9.0/24 # asked by X\n127.0.8.7\n"


@pytest.fixture
def directory():
    with tempfile.TemporaryDirectory(prefix="sgtest-") as made:
        yield made


@pytest.fixture
def start(directory):
    """Starts a server with those flags, on one daemon of loopback."""
    reason = lab_module.unavailable()
    if reason:
        pytest.skip(reason)
    daemon = lab_module.VantagePoint("vp", directory, pps=2000)
    daemon.start()
    started = []

    def make(*flags):
        server = Server(directory, {"vp": daemon.socket}, flags=flags).start()
        client = server.client()
        started.append((server, client))
        client.wait_for_state("vp", "READY")
        return server, client

    try:
        yield make
    finally:
        for server, client in started:
            client.close()
            server.stop()
        daemon.stop()


def write(directory, text):
    path = os.path.join(directory, "rules")
    with open(path + ".new", "w") as out:
        out.write(text)
    os.rename(path + ".new", path)
    return path


def error_of(call):
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code(), caught.value.details()


def test_targets_of_a_rule_are_refused_and_the_rule_is_named(directory, start):
    path = write(directory, RULES)
    server, client = start("--do_not_probe", path)
    code, text = error_of(lambda: client.Ping(ping_request("vp", "127.0.9.7"), timeout=30))
    assert code == grpc.StatusCode.PERMISSION_DENIED
    assert text == (f"ping.dst 127.0.9.7 is refused by do_not_probe {path}:2 "
                    '(127.0.9.0/24, "asked by X")')
    scan = control_pb2.PrefixscanRequest(instance="vp")
    scan.prefixscan.near, scan.prefixscan.far = "127.0.0.1", "127.0.8.250"
    scan.prefixscan.prefixlen = 24
    code, text = error_of(lambda: client.Prefixscan(scan, timeout=30))
    assert code == grpc.StatusCode.PERMISSION_DENIED
    assert text == ("prefixscan.far 127.0.8.0/24 is refused by do_not_probe "
                    f"{path}:3 (127.0.8.7/32)")

    run = control_pb2.RunRequest()
    add_ping(run, "127.0.0.1", attempts=1)
    add_ping(run, "127.0.9.7", attempts=1)
    add_trace(run, "127.0.9.8")
    events = list(client.Run(run, timeout=30))
    ledger = events[-1].done.ledger
    assert (ledger.accepted, ledger.results, ledger.refused) == (3, 1, 2)
    errors = {e.error.task.measurement: e.error for e in events if e.HasField("error")}
    assert set(errors) == {1, 2}
    for error in errors.values():
        assert error.outcome == task_pb2.TASK_OUTCOME_REFUSED
        assert error.status.code == grpc.StatusCode.PERMISSION_DENIED.value[0]
        assert f"do_not_probe {path}:2" in error.status.message


def test_a_changed_file_counts_and_a_broken_one_leaves_the_rules(directory, start):
    path = write(directory, RULES)
    server, client = start("--do_not_probe", path)

    def code_of(address):
        try:
            client.Ping(ping_request("vp", address, attempts=1), timeout=30)
            return grpc.StatusCode.OK
        except grpc.RpcError as error:
            return error.code()

    assert code_of("127.0.10.1") == grpc.StatusCode.OK
    write(directory, RULES + "127.0.10.0/24\n")
    assert wait_until(lambda: code_of("127.0.10.1") == grpc.StatusCode.PERMISSION_DENIED)
    write(directory, "nonsense\n")
    assert wait_until(lambda: "line 1: 'nonsense' is no IPv4" in server.log())
    assert code_of("127.0.9.1") == grpc.StatusCode.PERMISSION_DENIED
    assert code_of("127.0.0.1") == grpc.StatusCode.OK


def test_kinds_and_spoofed_sources_need_to_be_allowed(start):
    server, client = start("--allow_measurements", "ping,trace")
    request = control_pb2.DnsRequest(instance="vp")
    request.dns.qname = "a.test"
    assert error_of(lambda: client.Dns(request, timeout=30)) == (
        grpc.StatusCode.PERMISSION_DENIED, "dns is refused by allow_measurements (ping, trace)")
    spoofed = ping_request("vp", "127.0.0.1", src="127.0.0.2", spoof=True)
    assert error_of(lambda: client.Ping(spoofed, timeout=30)) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "ping.spoof is refused: spoofed sources need allow_spoofing")


@pytest.mark.parametrize("flags, text", [
    (["--do_not_probe", "/nonexistent"], "do_not_probe /nonexistent: cannot be read"),
    (["--allow_measurements", "pong"], "no measurement is named 'pong'"),
])
def test_a_policy_that_is_wrong_at_the_start_is_an_error(directory, flags, text):
    ran = subprocess.run([SERVER, "--listen", f"unix:{directory}/s", *flags], capture_output=True,
                         text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert text in ran.stderr


def test_a_call_over_a_limit_is_told_when_to_try_again_and_a_run_waits(start):
    server, client = start("--client_tasks_per_second", "2", "--client_max_tasks", "5")
    calls = [client.Ping.future(ping_request("vp", "127.0.0.1", attempts=1), timeout=30)
             for _ in range(20)]
    errors = [error for error in (call.exception() for call in calls) if error]
    assert 0 < len(errors) < len(calls)
    assert {error.code() for error in errors} == {grpc.StatusCode.RESOURCE_EXHAUSTED}
    told = [error for error in errors if "client_tasks_per_second of 2 is used" in error.details()]
    assert told
    retry = error_details_pb2.RetryInfo()
    assert status_of(told[0]).details[0].Unpack(retry)
    assert 0 < retry.retry_delay.ToMilliseconds() <= 500
    run = control_pb2.RunRequest()
    for i in range(6):
        add_ping(run, f"127.0.0.{i + 1}", attempts=1)
    events = list(client.Run(run, timeout=60))
    ledger = events[-1].done.ledger
    assert (ledger.accepted, ledger.results) == (6, 6)
    assert outcomes(ledger) == 6


class Noting(Refusing):
    """Refuses every command, and keeps what it was told."""

    lines = []

    def handle(self):
        received = self.rfile

        def noted():
            for line in received:
                Noting.lines.append(line.decode().strip())
                yield line

        self.rfile = noted()
        super().handle()


def test_explain_tells_what_scamper_would_be_sent_and_sends_nothing(directory):
    socket_path = os.path.join(directory, "noting.sock")
    rules = write(directory, RULES)
    Noting.lines.clear()
    with Daemon(socket_path, Noting):
        server = Server(directory, {"vp": socket_path}, flags=["--do_not_probe", rules]).start()
        client = server.client()
        try:
            client.wait_for_state("vp", "READY")
            before = len(Noting.lines)
            run = control_pb2.RunRequest()
            add_ping(run, "127.0.0.1", attempts=3, wait_probe=0.5, tos=16)
            add_trace(run, "127.0.0.2", lss="it's", method=4)
            add_ping(run, "127.0.9.1")
            events = list(client.Explain(
                explain_pb2.ExplainRequest(measurements=run.measurements), timeout=30))
            assert len(Noting.lines) == before
            tasks = [e.task for e in events if e.HasField("task")]
            sums = events[-1].instance
            assert [t.measurement for t in tasks] == [0, 1, 2]
            assert tasks[0].version == "20260420"
            assert (tasks[0].packets, tasks[0].duration.ToMilliseconds()) == (3, 1000)
            assert tasks[2].outcome == task_pb2.TASK_OUTCOME_REFUSED
            assert f"do_not_probe {rules}:2" in tasks[2].status.message
            assert (sums.tasks, sums.not_sent, sums.packets) == (2, 1, 3 + tasks[1].packets)
            assert sums.pps == 100
            assert sums.duration.ToMilliseconds() == 1000
            list(client.Run(run, timeout=30))
            assert sorted(Noting.lines[before:]) == sorted(t.command for t in tasks[:2])

            shown = cli("--server", server.address, "ping", "--dry-run", "--attempts", "3",
                        "--wait-probe", "0.5", "--tos", "16", "127.0.0.1")
            assert shown.returncode == 0, shown.stderr
            assert tasks[0].command in shown.stdout
        finally:
            client.close()
            server.stop()


def test_explain_tells_of_errors_as_a_run_would_end_with_them(start):
    server, client = start("--allow_measurements", "ping,dns")

    def explain(**selection):
        request = explain_pb2.ExplainRequest(**selection)
        request.measurements.add().dns.qname = "a.test"
        request.measurements[0].dns.userid = 1
        request.measurements.add().trace.dst = "127.0.0.1"
        return list(client.Explain(request, timeout=30))

    old, refused, sums = explain(all_instances=True)
    assert old.task.version == "20211212"
    assert old.task.command == ""
    assert old.task.outcome == task_pb2.TASK_OUTCOME_REJECTED
    assert old.task.status.code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
    assert "dns.userid needs scamper" in old.task.status.message
    assert refused.task.outcome == task_pb2.TASK_OUTCOME_REFUSED
    assert refused.task.command == "trace 127.0.0.1"
    assert (sums.instance.tasks, sums.instance.not_sent) == (0, 2)
    assert error_of(lambda: explain(instances=["nobody"]))[0] == grpc.StatusCode.NOT_FOUND
    code, text = error_of(lambda: list(client.Explain(explain_pb2.ExplainRequest(), timeout=30)))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert "measurements" in text
