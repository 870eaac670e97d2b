# SPDX-License-Identifier: Apache-2.0
"""Start and end of the server; health and reflection."""

import threading

import grpc
import health_pb2
import pytest
import reflection_pb2
from client import wait_until
from measurements import add_ping
from scamper.v1 import control_pb2

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def test_a_running_server_is_serving(client):
    answer = client.health.Check(health_pb2.HealthCheckRequest(), timeout=30)
    assert answer.status == SERVING


def test_reflection_lists_the_services(client):
    request = reflection_pb2.ServerReflectionRequest(list_services="*")
    (answer,) = client.reflection.ServerReflectionInfo(iter([request]), timeout=30)
    names = {service.name for service in answer.list_services_response.service}
    assert {"scamper.v1.ScamperControl", "grpc.health.v1.Health"} <= names


class Collected(threading.Thread):
    """Reads a stream to its end: .messages and the status .code it ended with."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.messages, self.code = stream, [], None
        self.start()

    def run(self):
        try:
            for message in self.stream:
                self.messages.append(message)
            self.code = grpc.StatusCode.OK
        except grpc.RpcError as error:
            self.code = error.code()


def test_sigterm_turns_not_serving_ends_streams_and_exits_0(breakable):
    client = breakable.client()
    health = Collected(client.health.Watch(health_pb2.HealthCheckRequest(), timeout=120))
    watch = Collected(client.WatchInstances(control_pb2.WatchInstancesRequest(), timeout=120))
    request = control_pb2.RunRequest(instances=["left"])
    for number in range(20):
        add_ping(request, f"127.0.1.{number}", attempts=600, wait_probe=1)
    run = Collected(client.Run(request, timeout=120))
    assert wait_until(lambda: client.instances()["left"].outstanding == 20)
    # 5 seconds are promised.
    assert breakable.server.stop(seconds=5) == 0
    for stream in (health, watch, run):
        stream.join(30)
        assert stream.code is not None
    assert [m.status for m in health.messages] == [SERVING, NOT_SERVING]
    assert watch.code == grpc.StatusCode.UNAVAILABLE
    ended = [m for m in run.messages if m.WhichOneof("event") in ("result", "error")]
    if run.code == grpc.StatusCode.OK:
        assert len(ended) == 20
        assert run.messages[-1].HasField("done")
    else:
        assert run.code == grpc.StatusCode.UNAVAILABLE


def test_an_idle_server_exits_0_on_sigterm(breakable):
    assert breakable.server.stop(seconds=5) == 0


def test_a_server_that_is_started_again_serves_the_same_clients(breakable):
    client = breakable.client()
    assert breakable.server.stop() == 0
    with pytest.raises(grpc.RpcError):
        client.ListInstances(control_pb2.ListInstancesRequest(), timeout=5)
    breakable.server.start()
    again = breakable.client()
    for name in breakable.daemons:
        again.wait_for_state(name, "READY")


def test_a_server_starts_without_its_daemons_and_finds_them(breakable):
    breakable.server.stop()
    breakable.daemons["left"].stop()
    breakable.server.start()
    client = breakable.client()
    client.wait_for_state("left", "LOST")
    client.wait_for_state("right", "READY")
    breakable.daemons["left"].start()
    client.wait_for_state("left", "READY", seconds=60)
