# SPDX-License-Identifier: Apache-2.0
"""The command line client, and grpcurl."""

import json
import re
import shutil
import subprocess

import pytest
from client import cli
from lab import SILENT, TARGET, TARGET6, address


def run(server, command, *arguments):
    return cli(command, "--server", server.address, *arguments)


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_instances_are_listed(server):
    done = run(server, "instances")
    assert done.returncode == 0, done.stderr
    for name in ("vp1", "vp2", "vp3"):
        assert re.search(rf"^{name}\b", done.stdout, re.M)
    listed = lines(run(server, "instances", "--json"))
    assert [(i["name"], i["state"]) for i in listed] == [
        (name, "INSTANCE_STATE_READY") for name in ("vp1", "vp2", "vp3")]


def test_ping_prints_what_people_know(server):
    done = run(server, "ping", "--inst", "vp2", "--attempts", "2", "--wait-probe", "0.1", TARGET)
    assert done.returncode == 0, done.stderr
    replies = re.findall(rf"^84 bytes from {re.escape(TARGET)}, seq=\d ttl=61 time=[\d.]+ ms$",
                         done.stdout, re.M)
    assert len(replies) == 2
    assert "2 packets transmitted, 2 packets received, 0% packet loss" in done.stdout
    assert re.search(r"round-trip min/avg/max/stddev = [\d.]+/[\d.]+/[\d.]+/[\d.]+ ms", done.stdout)


def test_trace_prints_what_people_know(server):
    done = run(server, "trace", "--inst", "vp2", "--method", "icmp-paris", TARGET)
    assert done.returncode == 0, done.stderr
    assert f"traceroute from {address('vp2', 1)} to {TARGET}" in done.stdout
    assert re.search(rf"^ 1  {re.escape(address('vp2', 2))}  [\d.]+ ms$", done.stdout, re.M)
    assert re.search(rf"^ 4  {re.escape(TARGET)}  [\d.]+ ms$", done.stdout, re.M)


def test_json_is_one_object_a_line_for_each_task(server):
    done = run(server, "ping", "--all", "--json", "--attempts", "1", TARGET, TARGET6)
    assert done.returncode == 0, done.stderr
    got = {(r["task"]["instance"], r["record"]["ping"]["dst"]) for r in lines(done)}
    assert got == {(vp, dst) for vp in ("vp1", "vp2", "vp3") for dst in (TARGET, TARGET6)}


def test_several_instances_can_be_named(server):
    done = run(server, "trace", "--inst", "vp1,vp3", "--json", TARGET)
    assert done.returncode == 0, done.stderr
    assert {r["task"]["instance"] for r in lines(done)} == {"vp1", "vp3"}


def test_flags_reach_the_record(server):
    done = run(server, "ping", "--inst", "vp2", "--json", "--method", "udp", "--sport", "41234",
               "--dport", "4444", "--attempts", "1", "--ttl", "40", "--tos", "8", "--userid", "17",
               TARGET)
    assert done.returncode == 0, done.stderr
    (result,) = lines(done)
    ping = result["record"]["ping"]
    assert (ping["sport"], ping["dport"], ping["ttl"], ping["tos"], ping["userid"]) == (
        41234, 4444, 40, 8, 17)


def test_no_answer_is_a_result(server):
    done = run(server, "ping", "--inst", "vp1", "--attempts", "1", SILENT)
    assert done.returncode == 0, done.stderr
    assert "100% packet loss" in done.stdout


@pytest.mark.parametrize("arguments, text", [
    (["ping", "--inst", "nowhere", TARGET], "nowhere"),
    (["ping", "--inst", "vp1", "--ttl", "300", TARGET], "ttl"),
    (["ping", "--inst", "vp1", "example.com"], "dst"),
    (["trace", "--inst", "vp1", "--gaplimit", "0", TARGET], "gaplimit"),
    (["ping", "--inst", "vp1", "--payload-size", "9", TARGET], "2024"),
    (["ping", TARGET], "instance"),
])
def test_a_failure_says_what_is_wrong_and_exits_not_0(server, arguments, text):
    done = run(server, *arguments)
    assert done.returncode != 0
    assert text in done.stderr
    assert not done.stdout.strip()


def test_one_failed_task_among_good_ones_exits_not_0(breakable):
    client = breakable.client()
    breakable.daemons["left"].kill()
    client.wait_for_state("left", "LOST")
    done = cli("ping", "--server", breakable.server.address, "--inst", "left,right", "--attempts", "1",
               "127.0.0.1")
    assert done.returncode != 0
    assert "1 packets transmitted, 1 packets received" in done.stdout
    assert "left" in done.stderr


def test_a_server_that_is_not_there_is_said(tmp_path):
    done = cli("ping", "--server", f"unix:{tmp_path}/none.sock", "--inst", "vp1", "127.0.0.1")
    assert done.returncode != 0
    assert done.stderr.strip()


def grpcurl(server, *arguments):
    if not shutil.which("grpcurl"):
        pytest.skip("grpcurl is not installed (scripts/setup test)")
    return subprocess.run(["grpcurl", "-plaintext", "-unix", *arguments[:-1], server.path, arguments[-1]],
                          capture_output=True, text=True, timeout=60, check=False)


def test_grpcurl_lists_the_service(server):
    done = grpcurl(server, "list")
    assert done.returncode == 0, done.stderr
    assert "scamper.v1.ScamperControl" in done.stdout.split()


def test_grpcurl_shows_a_readable_ping(server):
    request = json.dumps({"instance": "vp2", "ping": {"dst": TARGET, "attempts": 2,
                                                      "method": "PING_METHOD_TCP_SYN"}})
    done = grpcurl(server, "-d", request, "scamper.v1.ScamperControl/Ping")
    assert done.returncode == 0, done.stderr
    ping = json.loads(done.stdout)["result"]["record"]["ping"]
    assert ping["dst"] == TARGET
    assert ping["method"] == "PING_METHOD_TCP_SYN"
    assert ping["summary"]["nreplies"] == 2
    assert ping["replies"][0]["src"] == TARGET
    assert re.fullmatch(r"0\.\d+s", ping["replies"][0]["rtt"])


def test_grpcurl_shows_the_field_of_a_bad_request(server):
    request = json.dumps({"instance": "vp2", "ping": {"dst": TARGET, "ttl": 300}})
    done = grpcurl(server, "-d", request, "scamper.v1.ScamperControl/Ping")
    assert done.returncode != 0
    assert "InvalidArgument" in done.stderr
    assert "ping.ttl" in done.stderr


