# SPDX-License-Identifier: Apache-2.0
"""What a user meets when something is wrong."""

import grpc
import pytest
from client import status_of, violations
from lab import TARGET, TARGET6
from measurements import add_ping, add_trace, duration, ping_request, trace_request
from scamper.v1 import control_pb2, ping_pb2, trace_pb2


def failure(call, request):
    with pytest.raises(grpc.RpcError) as caught:
        call(request, timeout=30)
    return caught.value


def accepted(client):
    return sum(instance.ledger.accepted for instance in client.instances().values())


@pytest.mark.parametrize("name", ["nowhere", "vp", "vp1 ", "VP1", "vp1\nvp2"])
def test_an_unknown_instance_is_not_found_and_named(client, name):
    error = failure(client.Ping, ping_request(name, TARGET))
    assert error.code() == grpc.StatusCode.NOT_FOUND


def test_no_instance_named_among_several_is_a_failed_precondition(client):
    error = failure(client.Trace, trace_request("", TARGET))
    assert error.code() == grpc.StatusCode.FAILED_PRECONDITION


PING_RANGES = [
    ("attempts", 0), ("attempts", 65536), ("ttl", 0), ("ttl", 256), ("tos", 256), ("size", 65536),
    ("mtu", 65536), ("stop_count", 65536), ("icmp_id", 65536), ("icmp_seq", 65536),
    ("icmp_sum", 65536), ("wait_probe", 0.0009), ("wait_probe", 21), ("wait_timeout", 256),
    ("payload", b""), ("payload", bytes(1001)), ("pattern", ""), ("pattern", "0" * 33),
    ("stream", 21), ("payload_size", 65536),
]
TRACE_RANGES = [
    ("confidence", 90), ("dport", 0), ("dport", 65536), ("sport", 65536), ("firsthop", 0),
    ("firsthop", 256), ("gaplimit", 0), ("gaplimit", 256), ("loops", 256), ("hoplimit", 256),
    ("squeries", 0), ("attempts", 0), ("attempts", 21), ("tos", 256), ("wait_timeout", 0.5),
    ("wait_timeout", 1.5), ("wait_timeout", 11), ("wait_probe", 2.01), ("wait_probe", 0.015),
    ("payload", b""), ("offset", 8191), ("stream", 21),
]


@pytest.mark.parametrize("field, value", PING_RANGES)
def test_a_ping_parameter_out_of_range_is_named_with_its_range(client, field, value):
    before = accepted(client)
    error = failure(client.Ping, ping_request("vp1", TARGET, **{field: value}))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    found = violations(status_of(error))
    assert list(found) == ["ping." + field]
    assert found["ping." + field]
    assert accepted(client) == before


@pytest.mark.parametrize("field, value", TRACE_RANGES)
def test_a_trace_parameter_out_of_range_is_named_with_its_range(client, field, value):
    dst = TARGET6 if field == "offset" else TARGET
    before = accepted(client)
    error = failure(client.Trace, trace_request("vp1", dst, **{field: value}))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert list(violations(status_of(error))) == ["trace." + field]
    assert accepted(client) == before


def test_each_of_several_violations_is_reported(client):
    error = failure(client.Ping, ping_request("vp1", "nonsense", ttl=300, attempts=0))
    assert set(violations(status_of(error))) == {"ping.dst", "ping.ttl", "ping.attempts"}


def test_in_a_run_the_measurement_is_named(client):
    run = control_pb2.RunRequest(instances=["vp1"])
    add_ping(run, TARGET)
    add_trace(run, TARGET, attempts=21)
    with pytest.raises(grpc.RpcError) as caught:
        list(client.Run(run, timeout=30))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert list(violations(status_of(caught.value))) == ["measurements[1].trace.attempts"]


NO_ADDRESSES = ["", "example.com", "127.1", "0x7f.0.0.1", "192.0.2.1/24", "192.0.2.256", "192.0.2.01",
                "fe80::1%lo", "2001:db8::/32", "::g", "localhost", "None"]
INJECTIONS = [
    "192.0.2.1\nping 192.0.2.2", "192.0.2.1\ndone", "\nshutdown now", "192.0.2.1\r\n", "192.0.2.1\x00",
    "\x00", "192.0.2.1 -c 9", "-c 9 192.0.2.1", "-M", "--", "192.0.2.1 ", " 192.0.2.1", "192.0.2.1\t",
    "'192.0.2.1'", '"192.0.2.1"', "192.0.2.1'", "192.0.2.1\\", "halt ", "done", "192.0.2.\u0661",
    "\u00e9", "192.0.2.1;reboot", "$(reboot)",
]
STRING_FIELDS = [
    ("Ping", "dst"), ("Ping", "src"), ("Ping", "rtr"), ("Ping", "pattern"), ("Ping", "tsprespec"),
    ("Trace", "dst"), ("Trace", "src"), ("Trace", "rtr"), ("Trace", "gss"),
]


def with_string(method, field, value):
    make = {"Ping": ping_request, "Trace": trace_request}[method]
    if field == "dst":
        return make("vp1", value)
    return make("vp1", TARGET, **{field: [value] if field in ("gss", "tsprespec") else value})


@pytest.mark.parametrize("value", INJECTIONS, ids=repr)
@pytest.mark.parametrize("method, field", STRING_FIELDS)
def test_text_that_could_break_the_protocol_never_reaches_scamper(client, method, field, value):
    before = accepted(client)
    error = failure(getattr(client, method), with_string(method, field, value))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    (path,) = violations(status_of(error))
    assert path.startswith(f"{method.lower()}.{field}")
    assert accepted(client) == before


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\x00b", "\x00", "a\tb", "\u00e9", "\x7f", ""],
                         ids=repr)
def test_a_stop_set_name_that_could_break_the_protocol_never_reaches_scamper(client, value):
    error = failure(client.Trace, trace_request("vp1", TARGET, lss=value))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert list(violations(status_of(error))) == ["trace.lss"]


@pytest.mark.parametrize("name", ["a b", "-c 9", "it's", 'say "so"', "192.0.2.1 -c 9", "x -M", "--"])
def test_a_stop_set_name_of_any_printable_text_stays_one_word(client, name):
    result = client.Trace(trace_request("vp2", TARGET, lss=name, firsthop=2), timeout=60).result
    assert result.record.trace.doubletree.lss == name
    assert not result.record.trace.flags & trace_pb2.TRACE_FLAG_PMTUD


@pytest.mark.parametrize("dst", NO_ADDRESSES)
@pytest.mark.parametrize("method", ["Ping", "Trace"])
def test_a_destination_that_is_no_address_is_refused(client, method, dst):
    error = failure(getattr(client, method), with_string(method, "dst", dst))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert list(violations(status_of(error))) == [method.lower() + ".dst"]


def test_after_all_refusals_the_instances_are_still_attached(client):
    for name in ("vp1", "vp2", "vp3"):
        result = client.Ping(ping_request(name, TARGET, attempts=1), timeout=30).result
        assert result.record.ping.summary.nreplies == 1


@pytest.mark.parametrize("run, code", [
    (control_pb2.RunRequest(instances=["vp1"]), grpc.StatusCode.INVALID_ARGUMENT),
    (control_pb2.RunRequest(instances=["vp1", "vp1"], measurements=[
        {"ping": {"dst": TARGET}}]), grpc.StatusCode.INVALID_ARGUMENT),
    (control_pb2.RunRequest(instances=["vp1"], all_instances=True, measurements=[
        {"ping": {"dst": TARGET}}]), grpc.StatusCode.INVALID_ARGUMENT),
    (control_pb2.RunRequest(instances=["vp1"], measurements=[{}]),
     grpc.StatusCode.INVALID_ARGUMENT),
    (control_pb2.RunRequest(instances=["vp9"], measurements=[
        {"ping": {"dst": TARGET}}]), grpc.StatusCode.NOT_FOUND),
], ids=["nothing to do", "twice the same instance", "named and all", "empty measurement", "unknown"])
def test_a_run_that_cannot_start_ends_with_a_status(client, run, code):
    with pytest.raises(grpc.RpcError) as caught:
        list(client.Run(run, timeout=30))
    assert caught.value.code() == code


@pytest.mark.parametrize("value", [11, 99, -1])
def test_an_unknown_method_number_is_refused(client, value):
    request = ping_request("vp1", TARGET)
    request.ping.method = value + 1
    error = failure(client.Ping, request)
    assert error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION)


def test_a_negative_duration_is_refused(client):
    request = ping_request("vp1", TARGET)
    request.ping.wait_probe.CopyFrom(duration(-1))
    error = failure(client.Ping, request)
    assert list(violations(status_of(error))) == ["ping.wait_probe"]


def test_parameters_that_do_not_go_together_are_named(client):
    for parameters, field in (({"tcp_seq": 1}, "tcp_seq"), ({"sport": 1}, "sport"),
                              ({"src": TARGET6}, "src"),
                              ({"method": ping_pb2.PING_METHOD_UDP, "icmp_id": 1}, "icmp_id")):
        error = failure(client.Ping, ping_request("vp1", TARGET, **parameters))
        assert "ping." + field in violations(status_of(error))


def test_a_source_that_is_not_the_hosts_is_a_result_that_says_error(client):
    result = client.Ping(ping_request("vp1", TARGET, src="203.0.113.77"), timeout=30).result
    assert result.record.ping.stop_reason == ping_pb2.PING_STOP_REASON_ERROR
    assert result.record.ping.probe_count == 0
