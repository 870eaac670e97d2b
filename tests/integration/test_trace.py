# SPDX-License-Identifier: Apache-2.0
"""Trace through the server, against the real network of the lab."""

import grpc
import pytest
from lab import PATH_MTU, SILENT, SILENT6, TARGET, TARGET6, UNREACHABLE, UNREACHABLE6, address
from measurements import trace_request
from scamper.v1 import common_pb2, trace_pb2

METHODS = ["UDP", "ICMP", "UDP_PARIS", "ICMP_PARIS", "TCP", "TCP_ACK"]


def trace(client, dst, instance="vp2", **parameters):
    response = client.Trace(trace_request(instance, dst, **parameters), timeout=100)
    return response.result.record.trace


def method(name):
    return trace_pb2.TraceMethod.Value("TRACE_METHOD_" + name)


def reason(name):
    return trace_pb2.TraceStopReason.Value("TRACE_STOP_REASON_" + name)


def either(link_a, link_b, end, family):
    return {address(link_a, end, family), address(link_b, end, family)}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("dst", [TARGET, TARGET6])
def test_each_method_finds_the_path(client, name, dst):
    family = 6 if ":" in dst else 4
    result = trace(client, dst, method=method(name))
    assert result.method == method(name)
    assert (result.src, result.dst) == (address("vp2", 1, family), dst)
    assert result.stop_reason == reason("COMPLETED")
    path = result.summary.path
    assert [hop.ttl for hop in path] == [1, 2, 3, 4]
    assert path[0].src == address("vp2", 2, family)
    assert path[1].src in either("up-a", "up-b", 2, family)
    assert path[2].src in either("down-a", "down-b", 2, family)
    assert path[3].src == dst
    for hop in path:
        reply = result.hops[hop.hop]
        assert (reply.src, reply.probe_ttl) == (hop.src, hop.ttl)
        assert reply.rtt == hop.rtt
        assert reply.summary.attempt >= 1
    expired = result.hops[path[0].hop]
    assert expired.summary.kind == common_pb2.REPLY_KIND_ICMP_TTL_EXPIRED
    assert expired.summary.icmp_q_ttl == 1


def test_paris_keeps_to_one_path_and_ports_choose_between_the_two(client):
    seen = set()
    for dport in range(33500, 33532):
        result = trace(client, TARGET, method=method("UDP_PARIS"), dport=dport, sport=40000,
                       firsthop=2, hoplimit=2, attempts=1)
        assert (result.summary.probe_sport, result.summary.probe_dport) == (40000, dport)
        seen.add(result.summary.path[1].src)
        if len(seen) == 2:
            break
    assert seen == either("up-a", "up-b", 2, 4)


def test_numbers_are_recorded_as_they_were_asked_for(client):
    result = trace(client, TARGET, method=method("UDP_PARIS"), firsthop=2, gaplimit=7, loops=3,
                   hoplimit=20, squeries=2, attempts=3, tos=0x10, wait_timeout=2, wait_probe=0.05,
                   userid=4000000000, dport=40001, sport=40002,
                   gapaction=trace_pb2.TRACE_GAP_ACTION_LASTDITCH)
    assert (result.firsthop, result.gaplimit, result.loops, result.hoplimit) == (2, 7, 3, 20)
    assert (result.squeries, result.attempts, result.tos) == (2, 3, 0x10)
    assert result.wait_timeout.ToSeconds() == 2
    assert result.wait_probe.ToMicroseconds() == 50_000
    assert result.userid == 4000000000
    assert (result.summary.probe_sport, result.summary.probe_dport) == (40002, 40001)
    assert result.gapaction == trace_pb2.TRACE_GAP_ACTION_LASTDITCH
    assert not result.summary.path[0].HasField("hop")


def test_icmp_id_and_checksum_select_icmp_paris(client):
    result = trace(client, TARGET, icmp_id=1234, icmp_sum=4321)
    assert result.method == method("ICMP_PARIS")
    assert result.summary.probe_icmp_id == 1234
    assert result.summary.probe_icmp_sum == 4321


def test_all_attempts_gives_every_reply(client):
    result = trace(client, TARGET, all_attempts=True, attempts=3)
    assert result.flags & trace_pb2.TRACE_FLAG_ALLATTEMPTS
    attempts = sorted((hop.probe_ttl, hop.summary.attempt) for hop in result.hops)
    assert attempts == [(ttl, n) for ttl in (1, 2, 3, 4) for n in (1, 2, 3)]


def test_confidence_probes_a_hop_more_often(client):
    result = trace(client, TARGET, confidence=95, attempts=8)
    assert result.confidence == 95
    assert max(hop.summary.attempt for hop in result.hops) > 2


def test_pmtud_finds_the_narrow_link(client):
    result = trace(client, TARGET, pmtud=True)
    assert result.flags & trace_pb2.TRACE_FLAG_PMTUD
    assert result.pmtud.path_mtu == PATH_MTU
    assert result.pmtud.if_mtu == 1500
    assert result.pmtud.summary.out_mtu == 1500
    too_big = [h for h in result.pmtud.hops
               if h.summary.kind == common_pb2.REPLY_KIND_ICMP_PACKET_TOO_BIG]
    assert [h.summary.icmp_nhmtu for h in too_big] == [PATH_MTU]


def test_global_stop_set_ends_the_trace_there(client):
    result = trace(client, TARGET, gss=[address("vp2", 2)], dtree_noback=True)
    assert result.stop_reason == reason("GSS")
    assert result.doubletree.gss_stop == address("vp2", 2)


def test_local_stop_set_is_named_in_the_result(client):
    result = trace(client, TARGET, lss="a 'set' of ours", firsthop=2)
    assert result.doubletree.lss == "a 'set' of ours"


def test_flags_are_recorded(client):
    result = trace(client, TARGET, ignore_ttl_dst=True, const_payload=True, dl=True,
                   payload=bytes(32), method=method("UDP_PARIS"))
    wanted = (trace_pb2.TRACE_FLAG_IGNORETTLDST | trace_pb2.TRACE_FLAG_CONSTPAYLOAD |
              trace_pb2.TRACE_FLAG_DL)
    assert result.flags & wanted == wanted


def test_source_and_first_hop_can_be_chosen(client):
    result = trace(client, TARGET, src=address("vp2", 1), rtr=address("vp2", 2))
    assert result.src == address("vp2", 1)
    assert result.rtr == address("vp2", 2)


def test_ipv6_fragment_offset_is_recorded(client):
    result = trace(client, TARGET6, offset=64, hoplimit=2, attempts=1, wait_timeout=1)
    assert result.offset == 64


@pytest.mark.parametrize("dst", [UNREACHABLE, UNREACHABLE6])
def test_an_unreachable_prefix_is_a_result_that_says_so(client, dst):
    result = trace(client, dst)
    assert result.stop_reason == reason("UNREACH")
    assert result.hops[-1].summary.kind == common_pb2.REPLY_KIND_ICMP_UNREACHABLE


@pytest.mark.parametrize("dst", [SILENT, SILENT6])
def test_a_silent_prefix_ends_at_the_gap_limit(client, dst):
    result = trace(client, dst, gaplimit=2, attempts=1, wait_timeout=1)
    assert result.stop_reason == reason("GAPLIMIT")
    assert all(hop.src != dst for hop in result.hops)


def test_hoplimit_ends_the_trace(client):
    result = trace(client, TARGET, hoplimit=2)
    assert result.stop_reason == reason("HOPLIMIT")
    assert result.summary.hop_count == 2


@pytest.mark.parametrize("parameters", [{"wait_probe_hop": True}, {"stream": 1},
                                        {"back": True, "hoplimit": 5},
                                        {"raw": True, "method": trace_pb2.TRACE_METHOD_TCP}],
                         ids=lambda p: list(p)[0])
def test_what_the_daemon_is_too_old_for_names_the_version_needed(client, parameters):
    request = trace_request("vp2", TARGET)
    for name, value in parameters.items():
        if name == "wait_probe_hop":
            request.trace.wait_probe_hop.FromMilliseconds(100)
        else:
            setattr(request.trace, name, value)
    with pytest.raises(grpc.RpcError) as caught:
        client.Trace(request, timeout=60)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert " 202" in caught.value.details()
