# SPDX-License-Identifier: Apache-2.0
"""Short ways to write requests."""

from google.protobuf import duration_pb2
from scamper.v1 import control_pb2


def duration(seconds):
    result = duration_pb2.Duration()
    result.FromMicroseconds(round(seconds * 1_000_000))
    return result


def _fill(message, dst, parameters):
    message.dst = dst
    for name, value in parameters.items():
        if name in ("wait_probe", "wait_timeout"):
            getattr(message, name).CopyFrom(duration(value))
        elif name == "tsprespec":
            message.tsprespec.addrs.extend(value)
        elif name == "gss":
            message.gss.extend(value)
        else:
            setattr(message, name, value)


def ping_request(instance, dst, **parameters):
    request = control_pb2.PingRequest(instance=instance)
    _fill(request.ping, dst, parameters)
    return request


def trace_request(instance, dst, **parameters):
    request = control_pb2.TraceRequest(instance=instance)
    _fill(request.trace, dst, parameters)
    return request


def add_ping(run, dst, **parameters):
    measurement = run.measurements.add()
    _fill(measurement.ping, dst, parameters)
    return measurement


def add_trace(run, dst, **parameters):
    measurement = run.measurements.add()
    _fill(measurement.trace, dst, parameters)
    return measurement
