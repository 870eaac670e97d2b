#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
r"""A small routed network of network namespaces with a real scamper at each vantage point.

    vp1 --6 ms--+      +-- ra --+      +-- target
                r1 ----+        +---- r2
    vp2 --2 ms--+      +-- rb --+      +--10 ms-- vp3
                     two equal-cost paths
Delays are round-trip times that the access link adds. Everything is IPv4 and
IPv6, from the prefixes for documentation:

    192.0.2.0/24      2001:db8:2::/64   every address answers (target)
    203.0.113.0/25    2001:db8:3::/64   r2 answers: unreachable
    203.0.113.128/25  2001:db8:4::/64   silence (r2 drops)
    198.51.100.0/24   2001:db8:1::/48   links

The link r2-target has an MTU of 1400 bytes, all others have 1500. Needs root and
iproute2. The names of the namespaces begin with the process's id, so that labs
do not meet; nothing outside these namespaces is touched or probed.

As a module:  with Lab() as lab: ... lab.vps["vp1"].socket ...
As a command: lab.py up            keeps the network until interrupted
              lab.py run COMMAND   runs COMMAND with SCAMPER_LAB_VP1=socket, ...
              lab.py clean         removes what a lab that was killed (-9) left behind
"""

import atexit
import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PREFIX = "sglab"
TARGET = "192.0.2.1"
TARGET6 = "2001:db8:2::1"
UNREACHABLE = "203.0.113.1"
UNREACHABLE6 = "2001:db8:3::1"
SILENT = "203.0.113.129"
SILENT6 = "2001:db8:4::1"
# Round-trip time that the access link adds, milliseconds.
ACCESS_DELAY = {"vp1": 6, "vp2": 2, "vp3": 10}
NEAREST = "vp2"
PATH_MTU = 1400

# name: (left node, right node, link number). The left end is .1, the right .2 of the
# link's prefix: 198.51.100.(4 * number)/30 and 2001:db8:1:NUMBER::/64.
LINKS = {
    "vp1": ("vp1", "r1", 1),
    "vp2": ("vp2", "r1", 2),
    "vp3": ("vp3", "r2", 3),
    "up-a": ("r1", "ra", 4),
    "up-b": ("r1", "rb", 5),
    "down-a": ("ra", "r2", 6),
    "down-b": ("rb", "r2", 7),
    "target": ("r2", "target", 8),
}
NODES = ("vp1", "vp2", "vp3", "r1", "ra", "rb", "r2", "target")
ROUTERS = ("r1", "ra", "rb", "r2")


def address(link, end, family=4):
    """The address of the left (1) or right (2) end of a link."""
    number = LINKS[link][2]
    if family == 4:
        return f"198.51.100.{4 * number + end}"
    return f"2001:db8:1:{number}::{end}"


_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def signals_held():
    """What is made inside is known to who made it before a signal ends the program."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent():
    """For preexec_fn. The kernel forgets it where the program is setuid."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _ip(*arguments, stdin=None, check=True):
    result = subprocess.run(("ip",) + arguments, input=stdin, text=True, capture_output=True)
    if check and result.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {result.stderr.strip()}")
    return result


def _remove_namespace(namespace):
    """Ends the processes in the namespace (ours, by its name) and removes it."""
    for pid in _ip("netns", "pids", namespace, check=False).stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    _ip("netns", "del", namespace, check=False)


class VantagePoint:
    """A scamper daemon in its own namespace, or, with namespace None, on loopback."""

    def __init__(self, name, directory, namespace=None, pps=1000):
        self.name = name
        self.socket = os.path.join(directory, name + ".sock")
        self.namespace = namespace
        self.pps = pps
        self.process = None
        self._directory = directory

    def start(self):
        """Starts scamper and waits until it listens."""
        if os.path.exists(self.socket):
            os.unlink(self.socket)  # left by a daemon that was killed
        command = ["scamper", "-U", self.socket, "-M", self.name, "-p", str(self.pps)]
        if self.namespace:
            command = ["ip", "netns", "exec", self.namespace] + command
        with open(os.path.join(self._directory, self.name + ".log"), "ab") as log:
            self.process = self._spawn(command, log)
        deadline = time.monotonic() + 20
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"scamper {self.name} did not start: {self.log()}")
            time.sleep(0.02)

    def _spawn(self, command, log):
        with signals_held():
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    preexec_fn=die_with_parent)

    def _listens(self):
        return self._tell(b"")

    def _tell(self, line):
        """False where the daemon does not listen."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            try:
                sock.connect(self.socket)
                sock.sendall(line)
                return True
            except OSError:
                return False

    def kill(self):
        """kill -9, as a crash."""
        self._end(signal.SIGKILL)

    def stop(self):
        self._end(signal.SIGTERM)

    def _end(self, how):
        if self.process is None:
            return
        try:
            self.process.send_signal(how)
            self.process.wait(5)
        except PermissionError:  # setuid, and we are not root
            self._shut_down()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _shut_down(self):
        """Ends a daemon that may not be signalled, also one that is only about to listen."""
        deadline = time.monotonic() + 10
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise RuntimeError(f"scamper {self.name}, process {self.process.pid}, goes on")
            self._tell(b"shutdown now\n")
            time.sleep(0.02)

    def log(self):
        with open(os.path.join(self._directory, self.name + ".log"), errors="replace") as log:
            return log.read()


class Lab:
    """The network. Set up on construction or on `with`; torn down on exit, however that comes."""

    def __init__(self, scamper=True, say=lambda text: print(text, file=sys.stderr)):
        self.vps = {}
        self.directory = None
        self.netem = False
        self._say = say
        self._scamper = scamper
        self._wire = None
        self._namespaces = []
        self._prefix = f"{PREFIX}-{os.getpid()}-"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def namespace(self, node):
        return self._prefix + node

    def start(self):
        missing = unavailable()
        if missing:
            raise RuntimeError(missing)
        atexit.register(self.stop)
        try:
            with signals_held():
                self.directory = tempfile.mkdtemp(prefix=PREFIX + "-")
            self._make_namespaces()
            self._make_links()
            self._make_routes()
            if self._scamper:
                for name in ACCESS_DELAY:
                    self.vps[name] = VantagePoint(name, self.directory, self.namespace(name))
                    self.vps[name].start()
                self._warm_up()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        """Ends what was started, removes what was made. May be called twice."""
        for vp in self.vps.values():
            vp.stop()
        self.vps = {}
        if self._wire is not None:
            self._wire.terminate()
            self._wire.wait()
            self._wire = None
        for namespace in self._namespaces:
            _remove_namespace(namespace)
        self._namespaces = []
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = None
        atexit.unregister(self.stop)

    def command(self, node, *command):
        """Runs a command in a node's namespace."""
        return subprocess.run(("ip", "netns", "exec", self.namespace(node)) + command,
                              check=True, text=True, capture_output=True)

    def _warm_up(self):
        """Has the routers find their neighbours, which would delay the first probes."""
        running = [subprocess.Popen(
            ["ip", "netns", "exec", vp.namespace, "scamper", "-p", "1000"] +
            [word for target in (TARGET, TARGET6) for port in (33435, 33436, 33437, 33438)
             for word in ("-I", f"trace -d {port} -w 2 -q 1 {target}")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
            for vp in self.vps.values()]
        for process in running:
            process.wait(60)

    def _make_namespaces(self):
        for node in NODES + ("wire",):
            self._namespaces.append(self.namespace(node))
            _ip("netns", "add", self.namespace(node))
        settings = ["net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0",
                    "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
                    "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0"]
        router = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                  "net.ipv4.fib_multipath_hash_policy=1", "net.ipv6.fib_multipath_hash_policy=1",
                  "net.ipv4.icmp_errors_use_inbound_ifaddr=1"]
        optional = ["net.ipv4.icmp_msgs_per_sec=100000", "net.ipv4.icmp_msgs_burst=10000"]
        for node in NODES:
            wanted = settings + (router if node in ROUTERS else [])
            self.command(node, "sysctl", "-qw", *wanted)
            if self._own_limits(node):  # not of a namespace's own in every kernel
                self.command(node, "sysctl", "-qw", *optional)
            _ip("-n", self.namespace(node), "link", "set", "lo", "up")

    def _own_limits(self, node):
        path = "/proc/sys/net/ipv4/icmp_msgs_per_sec"
        return subprocess.run(("ip", "netns", "exec", self.namespace(node), "test", "-w", path),
                              capture_output=True).returncode == 0

    def _make_links(self):
        wires = []
        for name, (left, right, _) in LINKS.items():
            delay = ACCESS_DELAY.get(name)
            ends = ((left, 1), (right, 2))
            if delay and not self._try_netem(name, left, right, delay):
                for node, _ in ends:
                    self._veth(name, node, f"{name}-{node}", "wire")
                    _ip("-n", self.namespace("wire"), "link", "set", f"{name}-{node}", "up")
                wires += [f"{name}-{left}", f"{name}-{right}", str(delay / 2)]
            elif not delay:
                self._veth(name, left, name, right)
            for node, end in ends:
                self._bring_up(name, node, end)
        if wires:
            self._start_wire(wires)

    def _veth(self, name, node, peer_name, peer):
        _ip("link", "add", name, "netns", self.namespace(node), "type", "veth",
            "peer", "name", peer_name, "netns", self.namespace(peer))

    def _bring_up(self, name, node, end):
        mtu = PATH_MTU if name == "target" else 1500
        _ip("-n", self.namespace(node), "-batch", "-", stdin=f"""
            addr add {address(name, end)}/30 dev {name}
            addr add {address(name, end, 6)}/64 dev {name} nodad
            link set {name} mtu {mtu} up
        """)

    def _try_netem(self, name, left, right, delay):
        if self.netem is None:
            return False
        self._veth(name, left, name, right)
        for node in (left, right):
            result = subprocess.run(
                ("tc", "-n", self.namespace(node), "qdisc", "add", "dev", name, "root", "netem",
                 "delay", f"{delay / 2}ms"), capture_output=True)
            if result.returncode != 0:
                self.netem = None
                self._say("lab: this kernel has no netem; a process of ours delays the frames")
                _ip("-n", self.namespace(left), "link", "del", name)
                return False
        self.netem = True
        return True

    def _start_wire(self, wires):
        wire = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wire.py")
        # veth ends that hand frames to a packet socket must not leave checksums to hardware.
        for name in ACCESS_DELAY:
            for node in LINKS[name][:2]:
                subprocess.run(("ip", "netns", "exec", self.namespace(node), sys.executable, "-c",
                                f"import sys; sys.path.insert(0, {os.path.dirname(wire)!r}); "
                                f"import wire; wire.no_checksum_offload({name!r})"), check=True,
                               start_new_session=True)
        self._wire = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace("wire"), sys.executable, wire] + wires,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            preexec_fn=die_with_parent, start_new_session=True)  # Ctrl-C is for us
        if self._wire.stdout.readline().strip() != "ready":
            raise RuntimeError("the delaying wire did not start")

    def _make_routes(self):
        def route(node, *lines):
            _ip("-n", self.namespace(node), "-batch", "-", stdin="\n".join(lines) + "\n")

        def default(node, link, end):
            route(node, f"route add default via {address(link, end)}",
                  f"route add ::/0 via {address(link, end, 6)}")

        default("vp1", "vp1", 2)
        default("vp2", "vp2", 2)
        default("vp3", "vp3", 2)
        for family, everywhere, back in ((4, "0.0.0.0/0", "198.51.100.0/28"),
                                         (6, "::/0", "2001:db8:1::/62")):
            def two_paths(links, end):
                return " ".join(f"nexthop via {address(link, end, family)}" for link in links)
            route("r1", f"route add {everywhere} {two_paths(('up-a', 'up-b'), 2)}")
            route("r2", f"route add {back} {two_paths(('down-a', 'down-b'), 1)}")
        for node, up, down in (("ra", "up-a", "down-a"), ("rb", "up-b", "down-b")):
            default(node, down, 2)
            route(node, *(f"route add 198.51.100.{4 * n}/30 via {address(up, 1)}" for n in (1, 2)),
                  *(f"route add 2001:db8:1:{n}::/64 via {address(up, 1, 6)}" for n in (1, 2)))
        via4, via6 = address("target", 2), address("target", 2, 6)
        route("r2", f"route add 192.0.2.0/24 via {via4}", f"route add 2001:db8:2::/64 via {via6}",
              "route add unreachable 203.0.113.0/25", "route add unreachable 2001:db8:3::/64",
              "route add blackhole 203.0.113.128/25", "route add blackhole 2001:db8:4::/64")
        default("target", "target", 1)
        # Every address answers; ICMPv6 errors come from the address asked for these only.
        route("target", "route add local 192.0.2.0/24 dev lo",
              "route add local 2001:db8:2::/64 dev lo",
              *(f"addr add 2001:db8:2::{n}/128 dev lo nodad" for n in range(1, 10)))


def unavailable():
    """Why a lab cannot be made here; empty when it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for tool in ("ip", "tc", "sysctl", "scamper"):
        if not shutil.which(tool):
            return f"{tool} is not installed (scripts/setup run)"
    return ""


def exit_on_signals():
    """Has SIGINT, SIGTERM and SIGHUP unwind the stack, so that `with` cleans up."""
    def leave(number, _):
        for each in _ENDING:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)
    for each in _ENDING:
        signal.signal(each, leave)


def _clean():
    for line in _ip("netns", "list").stdout.splitlines():
        found = re.match(rf"({PREFIX}-(\d+)-\w+)", line)
        if found and not os.path.exists(f"/proc/{found[2]}"):
            _remove_namespace(found[1])
            print("removed", found[1])


def main(arguments):
    if arguments[:1] == ["clean"]:
        return _clean()
    if arguments[:1] not in (["up"], ["run"]):
        sys.exit(__doc__)
    exit_on_signals()
    with Lab() as lab:
        if arguments[0] == "run":
            env = dict(os.environ)
            env.update({f"SCAMPER_LAB_{vp.name.upper()}": vp.socket for vp in lab.vps.values()})
            sys.exit(subprocess.run(arguments[1:], env=env).returncode)
        for vp in lab.vps.values():
            print(f"{vp.name}={vp.socket}", flush=True)
        while True:
            signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
