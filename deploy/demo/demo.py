#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The single-radius measurement through gRPC: who is nearest to an address?

Pings one address from all vantage points in parallel, traces from each, prints a
table. Run by scripts/demo, which builds what it needs. As root the vantage points
are those of tests/lab; otherwise one daemon on loopback.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "lab"))
import lab as lab_module  # noqa: E402


def say(text):
    print("== " + text, flush=True)


@contextlib.contextmanager
def vantage_points():
    """Yields (address to measure, [VantagePoint], folder for sockets)."""
    if os.geteuid() == 0:
        say("making a small routed network with three vantage points, a scamper at each")
        with lab_module.Lab(say=lambda text: say(text.removeprefix("lab: "))) as lab:
            yield lab_module.TARGET, list(lab.vps.values()), lab.directory
        return
    say("not root: no network of namespaces, one scamper daemon on loopback instead")
    with tempfile.TemporaryDirectory(prefix="scamper-grpc-demo-") as directory:
        vp = lab_module.VantagePoint("loopback", directory)
        try:
            vp.start()
            yield "127.0.0.1", [vp], directory
        finally:
            vp.stop()


@contextlib.contextmanager
def running_server(build, vps, directory):
    """Yields the address of a server on the vantage points."""
    address = "unix:" + os.path.join(directory, "demo.sock")
    command = [os.path.join(build, "server", "scamper-grpc-server"), "--listen", address]
    for vp in vps:
        command += ["--unix", f"{vp.name}={vp.socket}"]
    say("starting scamper-grpc-server on " + ", ".join(vp.name for vp in vps))
    server = None
    try:
        with open(os.path.join(directory, "demo.log"), "wb") as log, lab_module.signals_held():
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      preexec_fn=lab_module.die_with_parent)
        yield address
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


class Client:
    """scamper-grpc, the command line client."""

    def __init__(self, build, address):
        self._command = [os.path.join(build, "client", "cli", "scamper-grpc")]
        self._server = ["--server", address]

    def run(self, command, *arguments):
        return subprocess.run([*self._command, command, *self._server, *arguments],
                              capture_output=True, text=True, check=False)

    def json(self, command, *arguments):
        done = self.run(command, *arguments, "--json")
        if done.returncode != 0:
            raise SystemExit(f"scamper-grpc {command}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_until_ready(self, count):
        deadline = time.monotonic() + 20
        while True:
            done = self.run("instances", "--json")
            lines = done.stdout.splitlines() if done.returncode == 0 else []
            states = [json.loads(line).get("state") for line in lines]
            if states.count("INSTANCE_STATE_READY") == count:
                return
            if time.monotonic() > deadline:
                raise SystemExit("the vantage points did not become ready: " + done.stderr)
            time.sleep(0.1)


def milliseconds(duration):
    """Of a protobuf Duration in JSON, "0.002310s"."""
    return float(duration.rstrip("s")) * 1000


def show_nearest(results):
    rows = []
    for result in results:
        ping = result["record"]["ping"]
        summary = ping.get("summary", {})
        rtt = milliseconds(summary["min_rtt"]) if "min_rtt" in summary else None
        answered = f"{summary.get('nreplies', 0)}/{ping.get('probe_count', 0)}"
        rows.append((rtt is None, rtt or 0.0, result["task"]["instance"], answered))
    rows.sort()
    print(f"\n  {'vantage point':<14} {'min RTT ms':>10}  replies")
    for unanswered, rtt, name, answered in rows:
        print(f"  {name:<14} {'-' if unanswered else format(rtt, '10.3f'):>10}  {answered}")
    if not rows[0][0]:
        print(f"\n  nearest: {rows[0][2]}, {rows[0][1]:.3f} ms\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="folder of the build")
    build = parser.parse_args().build
    lab_module.exit_on_signals()
    with vantage_points() as (target, vps, directory), \
            running_server(build, vps, directory) as address:
        client = Client(build, address)
        client.wait_until_ready(len(vps))
        say(f"scamper-grpc ping --all {target}")
        show_nearest(client.json("ping", "--all", "--wait-probe", "0.2", target))
        say(f"scamper-grpc trace --all {target}")
        done = client.run("trace", "--all", target)
        print(done.stdout or done.stderr, flush=True)
        say("cleaning up")
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
