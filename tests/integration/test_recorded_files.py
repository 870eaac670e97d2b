# SPDX-License-Identifier: Apache-2.0
"""Files that Debian's scamper (20211212) records, against its own sc_warts2json and sc_warts2text.

The same records, and the same values in the members that both print. What the older tools print
otherwise is in the two tables below; anything else that differs is a fault of ours.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys

import pytest
from lab import SILENT, TARGET, TARGET6, UNREACHABLE, UNREACHABLE6, address

CONVERT = os.environ["SCAMPER_GRPC_CONVERT_FILE"]
UTC = dict(os.environ, TZ="UTC")

A, B = address("vp2", 2), address("vp3", 1)
# No neighbourdisc: 20211212 writes a wrong parameter length into its probes, at which its own tools
# give up.
COMMANDS = {
    "trace": [f"trace -P {method} {dst}" for method in ("udp-paris", "icmp-paris", "icmp", "udp")
              for dst in (TARGET, TARGET6)] +
             [f"trace -P tcp -d 80 {TARGET}", f"trace -P icmp-paris -Q -q 3 {TARGET}",
              f"trace -P udp -M {TARGET}", f"trace -w 1 -g 2 -q 1 {SILENT}",
              f"trace {UNREACHABLE}", f"trace {UNREACHABLE6}"],
    "ping": [f"ping -c 2 {options}{dst}" for options in ("", "-P udp ", "-P tcp-ack -d 80 ")
             for dst in (TARGET, TARGET6)] +
            [f"ping -c 2 {options} {TARGET}"
             for options in ("-R", "-T tsonly", "-T tsandaddr", "-P icmp-time", "-B 0102")] +
            [f"ping -c 2 {SILENT}", f"ping -c 2 {UNREACHABLE}", f"ping -c 2 {UNREACHABLE6}"],
    "tracelb": [f"tracelb -P {method} {dst}" for method in ("udp-dport", "icmp-echo")
                for dst in (TARGET, TARGET6)],
    "dealias": [f"dealias -m mercator {TARGET}", f"dealias -m ally -p '-P icmp-echo' {A} {B}",
                f"dealias -m radargun -q 2 -r 2 -w 1 -p '-P icmp-echo' {A} {B}",
                f"dealias -m prefixscan -p '-P icmp-echo' {A} 192.0.2.8/30"],
    "tbit": [f"tbit -t {test} {TARGET}" for test in ("null", "ecn")],
    "host": [f"host -r -W 1 -s {TARGET} www.example.com"],
}

# Members that 20211212 does not print, by type; they came with later releases.
NEW = {
    "trace": {"monitor", "flags", "pmtud", "icmp_q_tos"},
    "ping": {"monitor", "no_responses", "stop_reason", "stop_data", "tos", "icmp_id", "icmp_seq",
             "udp_sport", "udp_dport", "tcp_sport", "tcp_dport", "nerrs"},
    "tracelb": {"monitor"},
    "dealias": {"monitor"},
    "tbit": {"monitor"},
}
# Members whose meaning changed: in 20211212
CHANGED = {
    # errors count as replies;
    "ping": {"replies", "loss", "min", "max", "avg", "stddev"},
    # the wait is in units of 10 ms.
    "tracelb": {"wait_probe"},
}
# Members that only 20211212 prints: an empty list beside a timestamp option.
OLD = {"ping": {"tsandaddr"}}


class Recordings:
    """Files by type, recorded when they are asked for."""

    def __init__(self, lab, directory):
        self._lab = lab
        self._directory = directory
        self._made = {}

    def __getitem__(self, kind):
        if kind not in self._made:
            self._made[kind] = self._record(kind)
        return self._made[kind]

    def _record(self, kind):
        path = os.path.join(self._directory, kind + ".warts")
        commands = [word for command in COMMANDS[kind] for word in ("-I", command)]
        self._lab.command("vp2", "scamper", "-p", "1000", "-O", "warts", "-o", path, "-M", "vp2",
                          "-l", "a list", "-L", "5", "-C", "7", *commands)
        return path


@pytest.fixture(scope="module")
def recordings(lab, tmp_path_factory):
    server = subprocess.Popen(
        ["ip", "netns", "exec", lab.namespace("target"), sys.executable, "-m", "http.server",
         "--bind", TARGET, "80"], cwd=tmp_path_factory.mktemp("www"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield Recordings(lab, tmp_path_factory.mktemp("recorded"))
    server.terminate()
    server.wait()


def convert(path, kind, *options):
    out = path + "." + kind
    subprocess.run([CONVERT, kind, path, out, *options], check=True, env=UTC)
    with open(out, "rb") as converted:
        return converted.read()


def ours(path, kind, *options):
    return convert(path, kind, *options).decode()


def theirs(tool, *paths):
    """What scamper's own tool prints; it must have read the file to its end."""
    done = subprocess.run([tool, *paths], check=True, capture_output=True, text=True, env=UTC)
    assert done.stderr == ""
    return done.stdout


def lines(text):
    """Lines of JSON, with what the tool leaves out put in."""
    return [json.loads(line.replace('icmp_nhmtu:"', 'icmp_nhmtu"').replace('""', '","'))
            for line in text.splitlines()]


def assert_same(kind, mine, other, path):
    """Every value that both have; no member is missing but by the tables."""
    if isinstance(mine, dict) and isinstance(other, dict):
        new = {name for name in mine if name not in other}
        assert new <= NEW.get(kind, set()), path
        gone = {name for name in other if name not in mine}
        assert gone <= OLD.get(kind, set()) | CHANGED.get(kind, set()), path
        for name in set(mine) & set(other) - CHANGED.get(kind, set()):
            assert_same(kind, mine[name], other[name], f"{path}.{name}")
    elif isinstance(mine, list) and isinstance(other, list):
        assert len(mine) == len(other), path
        for i, (one, two) in enumerate(zip(mine, other)):
            assert_same(kind, one, two, f"{path}[{i}]")
    else:
        assert mine == other, path


@pytest.mark.parametrize("kind", ["trace", "ping", "tracelb", "dealias", "tbit"])
@pytest.mark.parametrize("options", [(), ("scamper-json",)])
def test_json_has_the_records_and_values_of_scampers_own_tool(recordings, kind, options):
    other = lines(theirs("sc_warts2json", recordings[kind]))
    mine = lines(ours(recordings[kind], "json", *options))
    assert [line["type"] for line in mine] == [line["type"] for line in other]
    assert [line["type"] for line in mine].count(kind) == len(COMMANDS[kind])
    assert mine[0]["type"] == "cycle-start" and mine[-1]["type"] == "cycle-stop"
    for i, (one, two) in enumerate(zip(mine, other)):
        assert_same(one["type"], one, two, f"line {i} ({one['type']})")


def older(text):
    """Our text as 20211212 words it: the ping header, and errors counted as replies."""
    text = re.sub(r"(?m)^ping from ", "ping ", text)
    return re.sub(r"(?m)^(\d+ packets transmitted, ).*\n(round-trip .*\n)?", r"\1\n", text)


@pytest.mark.parametrize("kind", ["trace", "ping", "tracelb", "dealias", "tbit"])
def test_text_is_that_of_scampers_own_tool(recordings, kind):
    other = theirs("sc_warts2text", recordings[kind])
    assert older(ours(recordings[kind], "text")) == older(other)
    assert other.count("\n") >= len(COMMANDS[kind]) or kind == "dealias"


def test_dns_lookups_have_json_which_the_older_tool_does_not_print(recordings):
    mine = lines(ours(recordings["host"], "json"))
    assert [line["type"] for line in mine] == ["cycle-start", "host", "cycle-stop"]
    assert mine[1]["qname"] == "www.example.com"


def records(path):
    """(type, bytes) of each record."""
    with open(path, "rb") as file:
        rest = file.read()
    found = []
    while rest:
        _, kind, length = struct.unpack(">HHI", rest[:8])
        found.append((kind, rest[:8 + length]))
        rest = rest[8 + length:]
    return found


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_rewritten_file_is_the_same_to_scampers_own_tools(recordings, tmp_path, kind):
    rewritten = tmp_path / "rewritten.warts"
    rewritten.write_bytes(convert(recordings[kind], "warts", "recover"))
    for tool in ("sc_warts2json", "sc_wartsdump"):
        assert theirs(tool, str(rewritten)) == theirs(tool, recordings[kind])


def test_scampers_own_reader_takes_what_it_gave_up_on(recordings, tmp_path):
    """A measurement behind the stop of its cycle, and a second file behind the first."""
    ping, trace = records(recordings["ping"]), records(recordings["trace"])
    raw = tmp_path / "raw.warts"
    raw.write_bytes(b"".join(record for _, record in ping + [ping[2]] + trace))
    gave_up = subprocess.run(["sc_wartsdump", str(raw)], capture_output=True, text=True)
    assert gave_up.stdout.count("\nping ") < len(COMMANDS["ping"]) + 1
    rewritten = tmp_path / "rewritten.warts"
    rewritten.write_bytes(convert(str(raw), "warts", "recover"))
    read = lines(theirs("sc_warts2json", str(rewritten)))
    kinds = [line["type"] for line in read]
    assert kinds.count("ping") == len(COMMANDS["ping"]) + 1
    assert kinds.count("trace") == len(COMMANDS["trace"])


@pytest.mark.parametrize("suffix,tool", [("gz", "gzip"), ("bz2", "bzip2"), ("xz", "xz")])
def test_compressed_file_gives_the_same(recordings, tmp_path, suffix, tool):
    path = str(tmp_path / "trace.warts")
    shutil.copy(recordings["trace"], path)
    subprocess.run([tool, "-k", path], check=True)
    assert ours(path + "." + suffix, "text") == ours(path, "text")
    out = tmp_path / ("back." + suffix)
    out.write_bytes(convert(path, "warts." + suffix))
    back = subprocess.run([tool, "-dc", str(out)], check=True, capture_output=True).stdout
    with open(path, "rb") as file:
        assert back == file.read()
