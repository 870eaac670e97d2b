# SPDX-License-Identifier: Apache-2.0
"""Runs that are recorded to the store: every kind of file, and a server that is killed."""

import bz2
import gzip
import json
import lzma
import os
import signal
import subprocess

import grpc
import pytest
from client import Server, wait_until
from measurements import add_trace
from scamper.v1 import control_pb2

OPEN = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


@pytest.fixture(name="recording")
def recording_fixture(breakable, tmp_path):
    """A second server on the daemons, with a store."""
    sockets = {name: daemon.socket for name, daemon in breakable.daemons.items()}
    server = Server(str(tmp_path), sockets, flags=["--data_dir", str(tmp_path / "data")])
    server.data = tmp_path / "data"
    server.start()
    yield server
    server.stop()


def request(name, traces):
    run = control_pb2.RunRequest(instances=["left", "right"])
    for number in range(traces):
        add_trace(run, f"127.1.{number // 250}.{number % 250 + 1}", userid=number + 1)
    run.recording.file = name
    return run


def content(server, name):
    path = os.path.join(server.data, name)
    with OPEN.get(os.path.splitext(name)[1], open)(path, "rb") as file:
        return file.read()


def as_scamper_reads(warts, tmp_path):
    """The objects that scamper's own tool prints of it."""
    path = tmp_path / "read.warts"
    path.write_bytes(warts)
    tool = subprocess.run(["sc_warts2json", path], capture_output=True, text=True, timeout=60,
                          check=True)
    assert tool.stderr == ""
    return [json.loads(line) for line in tool.stdout.splitlines()]


def check_objects(objects, traces):
    """What a whole recording of both daemons holds."""
    by_type = {}
    for item in objects:
        by_type.setdefault(item["type"], []).append(item)
    # Those of two daemons that began in the same second are equal, and are one.
    assert len(by_type["cycle-start"]) == len(by_type["cycle-stop"]) in (1, 2)
    assert sorted(item["userid"] for item in by_type["trace"]) == sorted(
        2 * list(range(1, traces + 1)))
    assert {item["src"] for item in by_type["trace"]} == {"127.0.0.1"}


def run_to_the_end(server, run):
    client = server.client()
    for name in run.instances:
        client.wait_for_state(name, "READY")
    events = list(client.Run(run, timeout=60))
    client.close()
    assert events[-1].done.ledger.results == 2 * len(run.measurements)
    recorded = events[-1].done.recording
    assert not recorded.HasField("error") and recorded.left_out == 0
    assert recorded.file.name == run.recording.file
    assert recorded.file.size == os.path.getsize(server.data / run.recording.file)


def test_every_kind_of_file_has_all_and_scampers_tools_open_it(recording, tmp_path):
    for name in ("a.warts", "a.warts.gz", "a.warts.bz2", "a.warts.xz"):
        run_to_the_end(recording, request(name, 30))
        check_objects(as_scamper_reads(content(recording, name), tmp_path), 30)
    run_to_the_end(recording, request("a.json", 30))
    check_objects([json.loads(line) for line in content(recording, "a.json").splitlines()], 30)
    run_to_the_end(recording, request("a.txt.gz", 30))
    text = content(recording, "a.txt.gz").decode()
    assert text.count("traceroute from 127.0.0.1 to 127.1.0.") == 60


def test_a_killed_server_loses_no_result_that_a_client_saw(recording, tmp_path):
    for name in ("k.warts", "k.json.gz"):
        kill_and_compare(recording, tmp_path, name)


def kill_and_compare(recording, tmp_path, name):
    run = request(name, 2000)
    client = recording.client()
    for instance in run.instances:
        client.wait_for_state(instance, "READY")
    seen = []
    try:
        for event in client.Run(run, timeout=120):
            if event.HasField("result"):
                seen.append((event.result.task.instance, event.result.record.trace.userid))
            if len(seen) == 700 and recording.process is not None:
                recording.stop(signal.SIGKILL)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNAVAILABLE
    client.close()
    assert 700 <= len(seen) < 4000
    assert not (recording.data / name).exists()

    recording.start()
    assert wait_until((recording.data / name).exists), recording.log()
    found = content(recording, name)
    objects = ([json.loads(line) for line in found.splitlines()] if ".json" in name
               else as_scamper_reads(found, tmp_path))
    counts = {}
    for item in objects:
        if item["type"] == "trace":
            counts[item["userid"]] = counts.get(item["userid"], 0) + 1
    wanted = {}
    for _, userid in seen:
        wanted[userid] = wanted.get(userid, 0) + 1
    # Both instances trace the same, so each user id is there once or twice.
    assert all(counts.get(userid, 0) >= count for userid, count in wanted.items())
    assert max(counts.values()) <= 2
    assert f"{name}" in recording.log()
