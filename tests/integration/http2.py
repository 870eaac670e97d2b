# SPDX-License-Identifier: Apache-2.0
"""Peers that say that they take much, and read nothing: sockets that are full."""

import socket
import struct
import subprocess

import h2.config
import h2.connection
import h2.settings
from client import wait_until

WINDOW = 64 << 20


def _start(client_side):
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=client_side))
    connection.initiate_connection()
    connection.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW})
    connection.increment_flow_control_window(WINDOW)
    return connection


def call_and_never_read(path, method, request):
    """The socket of a call to the server at the unix socket `path`."""
    connection = _start(client_side=True)
    connection.send_headers(1, [
        (":method", "POST"), (":scheme", "http"), (":path", method), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", "application/grpc")])
    message = request.SerializeToString()
    connection.send_data(1, struct.pack(">xI", len(message)) + message, end_stream=True)
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    client.sendall(connection.data_to_send())
    return client


def accept_and_never_read(listener):
    """The socket of the first client of a listening socket, once it has begun to speak."""
    listener.settimeout(30)
    server, _ = listener.accept()
    connection = _start(client_side=False)
    connection.receive_data(server.recv(1 << 16))
    server.sendall(connection.data_to_send())
    return server


def wait_until_full(path):
    """Until the socket of a connection to the unix socket `path` takes no more."""
    def bytes_not_taken():
        lines = subprocess.run(["ss", "-xHn", "state", "established", "src", path],
                               capture_output=True, text=True, check=True).stdout.splitlines()
        return sum(max(int(size) for size in line.split()[1:3]) for line in lines)
    # Linux's default room is 208 KiB, of which the last piece may not fit.
    assert wait_until(lambda: bytes_not_taken() >= 128 << 10)
