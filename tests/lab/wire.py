# SPDX-License-Identifier: Apache-2.0
"""A wire with a delay, for kernels without netem.

Copies frames between pairs of interfaces of the network namespace that it runs
in, each frame a fixed time after it came: wire.py IF_A IF_B MILLISECONDS ...
"""

import collections
import fcntl
import selectors
import socket
import struct
import sys
import time

ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4
SIOCETHTOOL = 0x8946
ETHTOOL_STXCSUM = 0x17  # the peer's frames must carry whole checksums


def open_interface(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((name, 0))
    sock.setblocking(False)
    return sock


def no_checksum_offload(name):
    """Has the kernel fill in checksums itself on what it sends through `name`."""
    import array
    value = array.array("B", struct.pack("II", ETHTOOL_STXCSUM, 0))
    request = struct.pack("16sP", name.encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCETHTOOL, request)


def main(arguments):
    selector = selectors.DefaultSelector()
    waiting = []  # one queue for each direction: (due, socket, frame), in order
    for i in range(0, len(arguments), 3):
        a, b = open_interface(arguments[i]), open_interface(arguments[i + 1])
        delay = float(arguments[i + 2]) / 1000
        for source, sink in ((a, b), (b, a)):
            queue = collections.deque()
            waiting.append(queue)
            selector.register(source, selectors.EVENT_READ, (queue, sink, delay))
    print("ready", flush=True)
    while True:
        due = min((q[0][0] for q in waiting if q), default=None)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        for key, _ in selector.select(timeout):
            queue, sink, delay = key.data
            while True:
                try:
                    frame, address = key.fileobj.recvfrom(65535)
                except BlockingIOError:
                    break
                if address[2] != PACKET_OUTGOING:
                    queue.append((time.monotonic() + delay, sink, frame))
        now = time.monotonic()
        for queue in waiting:
            while queue and queue[0][0] <= now:
                _, sink, frame = queue.popleft()
                try:
                    sink.send(frame)
                except OSError:
                    pass  # as a wire does


if __name__ == "__main__":
    main(sys.argv[1:])
