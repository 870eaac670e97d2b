# SPDX-License-Identifier: Apache-2.0
"""Ping through the server, against the real network of the lab."""

import grpc
import lab as lab_module
import pytest
from client import status_of
from lab import SILENT, SILENT6, TARGET, TARGET6, UNREACHABLE, UNREACHABLE6, address
from measurements import ping_request
from scamper.v1 import common_pb2, control_pb2, ping_pb2

# Methods of Debian's scamper, and whether the target answers them.
METHODS = {
    "ICMP_ECHO": True, "TCP_ACK": True, "TCP_ACK_SPORT": True, "UDP": True, "UDP_DPORT": True,
    "ICMP_TIME": True, "TCP_SYN": True, "TCP_SYNACK": True, "TCP_RST": False,
}
QUICK = {"attempts": 2, "wait_probe": 0.1}


def ping(client, dst, instance="vp2", **parameters):
    response = client.Ping(ping_request(instance, dst, **parameters), timeout=60)
    return response.result.record.ping


def method(name):
    return ping_pb2.PingMethod.Value("PING_METHOD_" + name)


@pytest.mark.parametrize("name, dst", [
    (name, dst) for name in METHODS for dst in (TARGET, TARGET6)
    if (name, dst) != ("ICMP_TIME", TARGET6)])  # ICMPv6 has no timestamp request
def test_each_method_is_what_is_recorded_and_answered(client, name, dst):
    result = ping(client, dst, method=method(name), **QUICK)
    assert result.dst == dst
    assert result.src == address("vp2", 1, 6 if ":" in dst else 4)
    assert result.summary.method == method(name)
    assert result.attempts == 2
    assert result.probe_count == 2
    if METHODS[name]:
        assert result.summary.nreplies == 2
        assert result.summary.nloss == 0
        assert [r.summary.from_target for r in result.replies] == [True, True]
        assert {r.src for r in result.replies} == {dst}
        assert result.summary.min_rtt.ToMicroseconds() == min(
            r.rtt.ToMicroseconds() for r in result.replies)
    else:
        assert result.summary.nloss == 2
        assert not result.summary.HasField("min_rtt")


def test_numbers_are_recorded_as_they_were_asked_for(client):
    result = ping(client, TARGET, attempts=3, wait_probe=0.25, wait_timeout=2, ttl=33, tos=0x28,
                  size=200, userid=4294967295, icmp_id=4321, icmp_seq=77, icmp_sum=0x1234)
    assert (result.attempts, result.probe_count) == (3, 3)
    assert result.wait_probe.ToMicroseconds() == 250_000
    assert result.summary.wait_timeout.ToMicroseconds() == 2_000_000
    assert (result.ttl, result.tos, result.probe_size) == (33, 0x28, 200)
    assert result.userid == 4294967295
    assert result.summary.probe_icmp_id == 4321
    assert result.summary.probe_icmp_seq == 77
    assert result.summary.probe_icmp_sum == 0x1234


@pytest.mark.parametrize("name", ["UDP", "TCP_ACK", "TCP_SYN"])
def test_ports_are_recorded_as_they_were_asked_for(client, name):
    result = ping(client, TARGET, method=method(name), sport=41000, dport=7777, **QUICK)
    assert result.summary.probe_sport == 41000
    assert result.summary.probe_dport == 7777
    assert result.summary.nreplies == 2


def test_tcp_sequence_and_acknowledgement_reach_the_probe(client):
    syn = ping(client, TARGET, method=method("TCP_SYN"), tcp_seq=123456789, **QUICK)
    ack = ping(client, TARGET, method=method("TCP_ACK"), tcp_ack=987654321, **QUICK)
    assert syn.summary.probe_tcp_seq == 123456789
    assert ack.summary.probe_tcp_ack == 987654321


def test_zero_is_a_value_and_absent_is_scampers_default(client):
    default = ping(client, TARGET, **QUICK)
    zero = ping(client, TARGET, tos=0, userid=0, icmp_seq=0, stop_count=0, mtu=0, **QUICK)
    assert default.ttl == 64
    assert default.probe_size == 84
    assert (zero.tos, zero.userid, zero.dport, zero.stop_count, zero.mtu) == (0, 0, 0, 0, 0)


def test_payload_and_pattern_are_sent(client):
    payload = ping(client, TARGET, payload=bytes(range(40)), **QUICK)
    pattern = ping(client, TARGET, pattern="abcdef", **QUICK)
    assert payload.data == bytes(range(40))
    assert payload.flags & ping_pb2.PING_FLAG_PAYLOAD
    assert pattern.data == bytes.fromhex("abcdef")
    assert not pattern.flags & ping_pb2.PING_FLAG_PAYLOAD


def test_stop_count_ends_the_ping_early(client):
    result = ping(client, TARGET, attempts=10, stop_count=1, wait_probe=0.2)
    assert result.stop_count == 1
    assert result.summary.nreplies == 1
    assert result.probe_count < 10


def test_source_and_first_hop_can_be_chosen(client):
    result = ping(client, TARGET, src=address("vp2", 1), rtr=address("vp2", 2), **QUICK)
    assert result.src == address("vp2", 1)
    assert result.rtr == address("vp2", 2)
    assert result.summary.nreplies == 2


def test_record_route_names_the_routers(client):
    result = ping(client, TARGET, recordroute=True, **QUICK)
    assert result.flags & ping_pb2.PING_FLAG_V4RR
    routes = [list(r.record_route) for r in result.replies]
    assert routes and all(len(route) >= 3 for route in routes)


def test_ip_timestamps_come_back(client):
    tsonly = ping(client, TARGET, tsonly=True, **QUICK)
    tsandaddr = ping(client, TARGET, tsandaddr=True, **QUICK)
    tsprespec = ping(client, TARGET, tsprespec=[address("vp2", 2)], **QUICK)
    assert tsonly.flags & ping_pb2.PING_FLAG_TSONLY
    assert len(tsonly.replies[0].timestamps.timestamps) > 1
    assert len(tsandaddr.replies[0].timestamps.addrs) == len(
        tsandaddr.replies[0].timestamps.timestamps) > 1
    assert list(tsprespec.tsps) == [address("vp2", 2)]


def test_a_short_ttl_is_answered_by_a_router_and_counts_as_loss_and_error(client):
    result = ping(client, TARGET, ttl=1, **QUICK)
    assert {r.src for r in result.replies} == {address("vp2", 2)}
    assert {r.summary.kind for r in result.replies} == {common_pb2.REPLY_KIND_ICMP_TTL_EXPIRED}
    assert (result.summary.nloss, result.summary.nerrs, result.summary.nreplies) == (2, 2, 0)


@pytest.mark.parametrize("dst", [UNREACHABLE, UNREACHABLE6])
def test_an_unreachable_prefix_is_a_result_with_errors(client, dst):
    result = ping(client, dst, **QUICK)
    assert result.summary.nreplies == 0
    assert result.summary.nerrs == 2
    assert {r.summary.kind for r in result.replies} == {common_pb2.REPLY_KIND_ICMP_UNREACHABLE}
    assert not result.summary.HasField("avg_rtt")


@pytest.mark.parametrize("dst", [SILENT, SILENT6])
def test_a_silent_prefix_is_a_result_without_replies(client, dst):
    result = ping(client, dst, **QUICK)
    assert result.probe_count == 2
    assert result.summary.nloss == 2
    assert not result.replies


@pytest.mark.parametrize("parameters", [
    {"method": ping_pb2.PING_METHOD_UDP_SPORT}, {"method": ping_pb2.PING_METHOD_TCP_SYN_SPORT},
    {"payload_size": 10}, {"stream": 1}, {"sockrx": True}, {"dltx": True},
    {"method": ping_pb2.PING_METHOD_TCP_SYN, "mss": 1000},
    {"method": ping_pb2.PING_METHOD_TCP_SYN, "raw": True},
], ids=lambda p: list(p)[-1] + ("" if len(p) > 1 else str(list(p.values())[0])))
def test_what_the_daemon_is_too_old_for_names_the_version_needed(client, parameters):
    with pytest.raises(grpc.RpcError) as caught:
        ping(client, TARGET, **parameters)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert " 202" in status_of(caught.value).message


# This version reads the digits behind the point as a number by itself: 0.05 is half a second.
@pytest.mark.parametrize("seconds", [0.001, 0.05, 1.05])
def test_an_interval_that_the_daemon_would_misread_is_refused(client, seconds):
    with pytest.raises(grpc.RpcError) as caught:
        ping(client, TARGET, attempts=1, wait_probe=seconds)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert "ping.wait_probe" in caught.value.details()
    assert "20240117" in caught.value.details()


@pytest.mark.parametrize("seconds", [0.1, 0.123456, 0.5, 1, 1.25])
def test_other_intervals_are_recorded_exactly(client, seconds):
    result = ping(client, TARGET, attempts=1, wait_probe=seconds)
    assert result.wait_probe.ToMicroseconds() == round(seconds * 1_000_000)


# Only what the network guarantees whatever else the machine does: no reply is faster than its link.
def test_no_vantage_point_is_nearer_than_its_link(lab, client):
    for vp, delay_ms in lab_module.ACCESS_DELAY.items():
        result = ping(client, TARGET, instance=vp, attempts=3, wait_probe=0.1)
        assert result.summary.min_rtt.ToMicroseconds() >= delay_ms * 1000


def test_the_result_says_task_list_and_cycle(client):
    response = client.Ping(ping_request("vp1", TARGET, **QUICK), timeout=60)
    assert response.result.task.id > 0
    assert response.result.task.instance == "vp1"
    assert response.result.list.monitor == "vp1"
    assert response.result.cycle.HasField("start")
    assert not response.result.HasField("warts")
    assert not response.result.addresses


def test_exact_bytes_and_addresses_come_on_request(client):
    request = ping_request("vp1", TARGET, **QUICK)
    request.options.warts = True
    request.options.addresses = True
    result = client.Ping(request, timeout=60).result
    assert result.warts[:4] == b"\x12\x05\x00\x07"
    assert int.from_bytes(result.warts[4:8], "big") == len(result.warts) - 8
    info = {a.addr: a for a in result.addresses}
    assert set(info) == {TARGET, address("vp1", 1)}
    assert info[TARGET].packed == bytes([192, 0, 2, 1])
    assert info[TARGET].family == common_pb2.ADDRESS_FAMILY_IPV4
    assert info[TARGET].reserved and not info[TARGET].rfc1918
    preamble = client.instances()["vp1"].warts_preamble
    assert preamble[:4] == b"\x12\x05\x00\x01"


def test_an_instance_says_version_name_and_rate(lab, client):
    instances = client.instances()
    assert list(instances) == list(lab.vps)
    for name, instance in instances.items():
        assert instance.state == control_pb2.INSTANCE_STATE_READY
        assert instance.endpoint == "unix:" + lab.vps[name].socket
        assert instance.version.startswith("20")
        assert instance.pps == 1000
        assert instance.monitor_name == name
