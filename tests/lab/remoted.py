# SPDX-License-Identifier: Apache-2.0
"""sc_remoted with real daemons on loopback, and a mux in front of its sockets.

    with Remoted(directory) as remoted:
        remoted.start_vp("hlz")
        ... remoted.sockets is the directory of its sockets ...
"""

import os
import signal
import socket
import struct
import subprocess
import threading
import time

from lab import die_with_parent, signals_held


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Remoted:
    """sc_remoted, and scamper daemons that call in to it."""

    def __init__(self, directory):
        self.sockets = os.path.join(directory, "vps")
        os.mkdir(self.sockets)
        self._port = free_port()
        self._log = os.path.join(directory, "remoted.log")
        self._processes = []

    def __enter__(self):
        try:
            # What a lost daemon leaves is kept for a second only.
            self._start("sc_remoted", "-P", f"127.0.0.1:{self._port}", "-U", self.sockets,
                        "-Z", "1")
            deadline = time.monotonic() + 20
            while not self._listens():
                if time.monotonic() > deadline:
                    raise RuntimeError("sc_remoted did not start")
                time.sleep(0.02)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _listens(self):
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self._port)) == 0

    def _start(self, *command):
        with open(self._log, "ab") as log, signals_held():
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       preexec_fn=die_with_parent)
        self._processes.append(process)
        return process

    def start_vp(self, name, pps=1000):
        """A daemon that calls in under that name; its process."""
        return self._start("scamper", "-R", f"127.0.0.1:{self._port}", "-M", name, "-p", str(pps))

    def path(self, name, seconds=20):
        """The socket of a vantage point, waited for."""
        deadline = time.monotonic() + seconds
        while True:
            for found in os.listdir(self.sockets):
                if found.startswith(name + "-"):
                    return os.path.join(self.sockets, found)
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not call in")
            time.sleep(0.02)

    @staticmethod
    def end(process):
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in reversed(self._processes):
            if process.poll() is None:
                self.end(process)
        self._processes.clear()


class Mux:
    """A mux socket, as that of a newer sc_remoted, whose channels lead to unix sockets of attached
    daemons. What a client would be closed for closes it here."""

    UPDATE, DEPART, GO, OPEN, CLOSE = range(5)

    def __init__(self, path):
        self.path = path
        self._vps = {}
        self._last = 0
        self._clients = []
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def add(self, path, attributes):
        """Announces a vantage point: number of the attribute and value. Returns its number."""
        with self._lock:
            self._last += 1
            self._vps[self._last] = (path, attributes)
            for client in self._clients:
                client.send(0, self._update(self._last))
            return self._last

    def depart(self, number):
        with self._lock:
            del self._vps[number]
            for client in self._clients:
                client.send(0, struct.pack(">HI", self.DEPART, number))

    def close(self):
        self._listener.close()
        with self._lock:
            for client in self._clients:
                client.close()

    def _update(self, number):
        body = struct.pack(">HI", self.UPDATE, number)
        for attribute, value in self._vps[number][1]:
            body += struct.pack(">H", attribute) + value.encode() + b"\0"
        return body

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                client = _MuxClient(self, connection)
                self._clients.append(client)
                for number in self._vps:
                    client.send(0, self._update(number))
                client.send(0, struct.pack(">H", self.GO))
            threading.Thread(target=client.run, daemon=True).start()

    def where(self, number):
        with self._lock:
            return self._vps[number][0]


class _MuxClient:
    def __init__(self, mux, connection):
        self._mux, self._connection = mux, connection
        self._channels = {}
        self._sending = threading.Lock()

    def send(self, channel, body):
        with self._sending:
            try:
                self._connection.sendall(struct.pack(">II", channel, len(body)) + body)
            except OSError:
                pass

    def close(self):
        for sock in [self._connection, *self._channels.values()]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def run(self):
        try:
            while True:
                channel, length = struct.unpack(">II", self._read(8))
                body = self._read(length)
                if channel == 0:
                    self._open(body)
                else:
                    self._channels[channel].sendall(body)
        except (OSError, EOFError, KeyError, struct.error):
            self.close()

    def _read(self, length):
        data = b""
        while len(data) < length:
            more = self._connection.recv(length - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def _open(self, body):
        kind, number, channel = struct.unpack(">HII", body)
        if kind != Mux.OPEN:
            return
        if channel in self._channels:
            raise KeyError("the channel was used before")
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(self._mux.where(number))
        self._channels[channel] = sock
        threading.Thread(target=self._relay, args=(channel, sock), daemon=True).start()

    def _relay(self, channel, sock):
        try:
            while data := sock.recv(8192):
                self.send(channel, data)
        except OSError:
            pass
        self.send(0, struct.pack(">HI", Mux.CLOSE, channel))
