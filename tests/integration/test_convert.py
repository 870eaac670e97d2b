# SPDX-License-Identifier: Apache-2.0
"""Result files with the command line client: in its process, and through a server."""

import json
import os
import pathlib
import pty
import re
import signal
import socket
import subprocess
import tempfile

import pytest
from client import CLI, Server
from http2 import accept_and_never_read, wait_until_full

RECORDINGS = pathlib.Path(__file__).parents[1] / "testdata/records/scamper-20260420"
KINDS = ["warts", "json", "text", "protobuf", "warts.gz", "json.bz2", "text.xz", "protobuf.gz"]
MEGABYTE = 1 << 20


@pytest.fixture(scope="module", name="server")
def files_server():
    """A server without daemons that keeps files."""
    with tempfile.TemporaryDirectory(prefix="sgtest-") as directory:
        running = Server(directory, {}, flags=["--data_dir", os.path.join(directory, "data")])
        running.start()
        try:
            yield running
        finally:
            running.stop()


def run(*arguments, server=None, given=b""):
    """The client's output as bytes; without a server none is there."""
    environment = {"SCAMPER_GRPC_SERVER": server.address if server else "unix:/nonexistent/s"}
    return subprocess.run([CLI, *map(str, arguments)], input=given, capture_output=True, timeout=60,
                          check=False, env=environment)


def large_file(directory, megabytes=64):
    path = pathlib.Path(directory) / "large.warts"
    recording = (RECORDINGS / "trace.warts").read_bytes()
    path.write_bytes(recording * (megabytes * MEGABYTE // len(recording)))
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["ping", "dealias"])
def test_the_server_gives_what_the_client_gives_in_its_process(server, name, kind):
    given = (RECORDINGS / f"{name}.warts").read_bytes()
    arguments = ["--types", f"{name},cycle-start", "--to", kind, "-", "-"]
    here = run("convert", "--local", *arguments, given=given)
    there = run("convert", *arguments, server=server, given=given)
    assert (here.returncode, here.stderr) == (0, b"")
    assert (there.returncode, there.stderr) == (0, b"")
    assert here.stdout
    assert there.stdout == here.stdout


@pytest.mark.parametrize("flags, code", [([], 1), (["--recover"], 4)])
def test_damage_is_told_alike(server, tmp_path, flags, code):
    whole = (RECORDINGS / "ping.warts").read_bytes()
    damaged = tmp_path / "in.warts"
    damaged.write_bytes(whole[:1000] + b"\xee" * 30 + whole[1030:])
    here = run("convert", "--local", *flags, damaged, tmp_path / "here.txt")
    there = run("convert", *flags, damaged, tmp_path / "there.txt", server=server)
    assert here.returncode == there.returncode == code
    assert b"byte" in here.stderr
    assert there.stderr == here.stderr
    assert (tmp_path / "here.txt").read_bytes()
    assert (tmp_path / "there.txt").read_bytes() == (tmp_path / "here.txt").read_bytes()


def test_an_input_of_no_kind_is_refused_alike_and_nothing_appears(server, tmp_path):
    here = run("convert", "--local", "-", tmp_path / "out.txt", given=b"some text")
    there = run("convert", "-", tmp_path / "out.txt", given=b"some text", server=server)
    assert here.returncode == there.returncode == 1
    assert b"no known kind" in here.stderr
    assert there.stderr == here.stderr
    assert not list(tmp_path.iterdir())


def test_a_large_file_is_converted_onto_itself(server, tmp_path):
    large = large_file(tmp_path)
    whole = large.read_bytes()
    assert run("convert", large, large, server=server).returncode == 0
    assert large.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [large]


def test_the_store(server, tmp_path):
    ping = RECORDINGS / "ping.warts"
    assert run("put", ping, server=server).returncode == 0
    again = run("put", ping, server=server)
    assert again.returncode == 3 and b"ping.warts" in again.stderr
    assert run("put", "--overwrite", ping, server=server).returncode == 0
    assert run("convert", "store:ping.warts", "store:p.json.gz", server=server).returncode == 0
    assert run("convert", ping, "store:p.txt", server=server).returncode == 0
    listed = run("files", "--json", server=server).stdout.splitlines()
    assert [json.loads(line)["name"] for line in listed] == ["p.json.gz", "p.txt", "ping.warts"]
    assert run("convert", "store:p.txt", tmp_path / "out.warts", server=server).returncode == 1
    assert run("get", "p.txt", "-", server=server).stdout == (RECORDINGS / "ping.txt").read_bytes()
    assert run("cat", "store:ping.warts", server=server).stdout == run("cat", ping).stdout
    info = json.loads(run("info", "--json", "store:ping.warts", server=server).stdout)
    assert info["size"] == ping.stat().st_size
    assert info["records_by_type"]["ping"] == 40
    wrong = run("convert", ping, "store:../x.txt", server=server)
    assert wrong.returncode == 2 and wrong.stderr.startswith(b"scamper-grpc: OUT: ")
    assert run("rm", "ping.warts", "p.txt", "p.json.gz", server=server).returncode == 0
    assert run("files", server=server).stdout.splitlines()[1].startswith(b"0 files")


def test_a_damaged_input_leaves_nothing_in_the_store(server):
    cut = (RECORDINGS / "ping.warts").read_bytes()[:1000]
    done = run("convert", "-", "store:cut.txt", given=cut, server=server)
    assert done.returncode == 1
    assert b"cut.txt" not in run("files", server=server).stdout


def test_an_interrupted_conversion_leaves_nothing(server, tmp_path):
    environment = {"SCAMPER_GRPC_SERVER": server.address}
    for arguments in (["--local", "-", tmp_path / "out.txt"], ["-", tmp_path / "out.txt"],
                      ["-", "store:out.txt"]):
        with subprocess.Popen([CLI, "convert", *arguments], stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment) as client:
            # More than a pipe holds: when it is written, the client is at work.
            client.stdin.write((RECORDINGS / "ping.warts").read_bytes() * 100)
            client.stdin.flush()
            client.send_signal(signal.SIGINT)
            assert client.wait(20) == 130
        assert not list(tmp_path.iterdir())
    assert b"out.txt" not in run("files", server=server).stdout


def test_a_signal_ends_the_client_of_a_server_that_takes_nothing(tmp_path):
    address = str(tmp_path / "server.sock")
    given = large_file(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        command = [CLI, "--server", "unix:" + address, "convert", given, tmp_path / "out.txt"]
        with subprocess.Popen(command) as client, accept_and_never_read(listener):
            try:
                wait_until_full(address)
                client.send_signal(signal.SIGTERM)
                assert client.wait(60) == 128 + signal.SIGTERM
            finally:
                client.kill()
    assert not list(tmp_path.glob("*out.txt*"))


def test_cat_into_head_is_silent(tmp_path):
    script = '"$0" cat "$1" | head -n 1; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(["bash", "-c", script, CLI, large_file(tmp_path)], capture_output=True,
                          timeout=60, check=False)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE
    assert done.stdout.startswith(b"traceroute from ")


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(tmp_path):
    # To compress it takes longer than a bar waits.
    large = large_file(tmp_path, megabytes=4)
    arguments = [CLI, "convert", "--local", large, tmp_path / "out.json.xz"]
    quiet = subprocess.run(arguments, capture_output=True, timeout=60, check=True)
    assert quiet.stderr == b""
    master, slave = pty.openpty()
    with subprocess.Popen(arguments, stderr=slave, env={"TERM": "xterm"}) as client:
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:  # Linux: the terminal was closed.
            pass
        assert client.wait(60) == 0
    os.close(master)
    assert re.search(rb"\d+% \[=*> *\]  [\d.]+ .?B  [\d.]+ .?B/s  \d.* left", shown)
    assert shown.endswith(b"\r")
