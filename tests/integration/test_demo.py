# SPDX-License-Identifier: Apache-2.0
"""deploy/demo/demo.py, what scripts/demo runs when all is built: it leaves nothing behind."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid

import pytest

import lab as lab_module

DEMO = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "demo" / "demo.py"
BUILD = pathlib.Path(os.environ["SCAMPER_GRPC_SERVER_BINARY"]).parents[1]
MARK = "SCAMPER_GRPC_DEMO_TEST"


class Demo:
    """A running demo, told from all else by a mark in the environment of its processes."""

    def __init__(self, directory, user=None):
        self._mark = uuid.uuid4().hex
        self._directory = directory
        environment = dict(os.environ, TMPDIR=str(directory), **{MARK: self._mark})
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(DEMO), "--build", str(BUILD)], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            user=user)
        self.output = ""

    def read_until(self, text):
        for line in self.process.stdout:
            self.output += line
            if text in line:
                return
        raise AssertionError(f"{text!r} is not in:\n{self.output}")

    def finish(self):
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def left_behind(self):
        found = [str(path) for path in self._directory.iterdir()]
        names = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
        found += [line for line in names.stdout.splitlines() if f"-{self.process.pid}-" in line]
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self._mark}".encode() in (path / "environ").read_bytes():
                    found.append((path / "cmdline").read_text().replace("\0", " "))
            except OSError:  # it has ended
                pass
        return found


@pytest.fixture
def directory():
    reason = lab_module.unavailable()
    if reason:
        pytest.skip(reason)
    path = pathlib.Path(tempfile.mkdtemp(prefix="sgtest-"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


MAKING = "making a small routed network"
SERVER = "starting scamper-grpc-server"
PINGING = "scamper-grpc ping"
TRACING = "scamper-grpc trace"


def send(demo, number):
    if number == signal.SIGINT:  # as a terminal does
        os.killpg(demo.process.pid, number)
    elif number:
        demo.process.send_signal(number)


@pytest.mark.parametrize("moment, number", [
    (MAKING, signal.SIGINT), (SERVER, signal.SIGINT), (PINGING, signal.SIGINT),
    (TRACING, signal.SIGINT), (MAKING, signal.SIGTERM), (PINGING, signal.SIGTERM),
    (TRACING, signal.SIGHUP)])
def test_interrupted_demo_leaves_nothing_behind(directory, moment, number):
    demo = Demo(directory)
    demo.read_until(moment)
    send(demo, number)
    assert demo.finish() == 128 + number, demo.output
    assert "Traceback" not in demo.output
    assert demo.left_behind() == []


def test_demo_names_the_nearest_and_leaves_nothing_behind(directory):
    demo = Demo(directory)
    assert demo.finish() == 0, demo.output
    assert f"nearest: {lab_module.NEAREST}," in demo.output
    assert demo.left_behind() == []


def may_run(user):
    """Whether the user reaches the build and the tree, which may be in a private folder."""
    return subprocess.run(["test", "-x", BUILD / "server", "-a", "-r", DEMO], user=user,
                          check=False).returncode == 0


# scamper is setuid, so that its user may not signal it.
@pytest.mark.parametrize("number", [None, signal.SIGINT, signal.SIGTERM])
def test_demo_without_privileges_measures_loopback_and_leaves_nothing_behind(directory, number):
    user = pwd.getpwnam("nobody").pw_uid
    if not may_run(user):
        pytest.skip(f"nobody may not enter {BUILD}")
    demo = Demo(directory, user=user)
    demo.read_until(PINGING)
    send(demo, number)
    assert demo.finish() == (128 + number if number else 0), demo.output
    assert ("nearest: loopback," in demo.output) == (number is None)
    assert demo.left_behind() == []
