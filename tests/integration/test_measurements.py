# SPDX-License-Identifier: Apache-2.0
"""Every measurement that Debian's scamper knows, beside ping and trace, in the lab."""

import grpc
import pytest
from lab import TARGET, TARGET6, address
from measurements import duration
from scamper.v1 import (control_pb2, dealias_pb2, host_pb2, neighbourdisc_pb2, ping_pb2, tbit_pb2,
                        tracelb_pb2)

NEAR, FAR = "192.0.2.8", "192.0.2.9"
ICMP = dealias_pb2.DEALIAS_PROBE_METHOD_ICMP_ECHO


def measure(client, method, parameters, instance="vp2"):
    """The record of a unary call; the parameters' field of the request has the method's name."""
    request = getattr(control_pb2, method + "Request")(instance=instance)
    getattr(request, method.lower()).CopyFrom(parameters)
    record = getattr(client, method)(request, timeout=100).result.record
    return getattr(record, record.WhichOneof("kind"))


def dealias(client, method, **parameters):
    message = getattr(dealias_pb2, method + "Parameters")(**parameters)
    record = measure(client, method, message)
    assert record.method == dealias_pb2.DealiasMethod.Value("DEALIAS_METHOD_" + method.upper())
    return record


def probedef(**parameters):
    return dealias_pb2.DealiasProbedefParameters(**parameters)


def test_tracelb_finds_the_target(client):
    result = measure(client, "Tracelb", tracelb_pb2.TracelbParameters(
        dst=TARGET, method=tracelb_pb2.TRACELB_METHOD_UDP_SPORT, wait_probe=duration(0.15),
        wait_timeout=duration(3), confidence=99, attempts=3, userid=7, dport=40000, max_probec=900))
    assert (result.dst, result.userid, result.dport) == (TARGET, 7, 40000)
    assert (result.confidence, result.probe_count_limit) == (99, 900)
    assert {address("vp2", 2), TARGET} <= {node.src for node in result.nodes}


def test_tracelb_of_tcp_over_ipv6_is_refused(client):
    with pytest.raises(grpc.RpcError) as caught:
        measure(client, "Tracelb", tracelb_pb2.TracelbParameters(
            dst=TARGET6, method=tracelb_pb2.TRACELB_METHOD_TCP_SPORT))
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_mercator_probes_its_address(client):
    dst = address("vp3", 2)
    result = dealias(client, "Mercator", dst=dst, attempts=2, wait_timeout=duration(2), userid=3)
    assert (result.userid, result.mercator.attempts) == (3, 2)
    assert [definition.dst for definition in result.probedefs] == [dst]


def test_ally_takes_the_kind_of_probe_by_itself(client):
    result = dealias(client, "Ally", dst1=NEAR, dst2=FAR, icmp_sum=0x1234, attempts=4, fudge=300,
                     nobs=True, wait_probe=duration(0.02), wait_timeout=duration(1), userid=4)
    assert [definition.dst for definition in result.probedefs] == [NEAR, FAR]
    assert {d.summary.icmp_sum for d in result.probedefs} == {0x1234}
    assert (result.ally.attempts, result.ally.fudge, result.userid) == (4, 300, 4)
    assert result.ally.flags & dealias_pb2.DEALIAS_ALLY_FLAG_NOBS


def test_ally_takes_addresses_in_definitions_and_a_fudge_of_zero(client):
    result = dealias(client, "Ally", attempts=2, fudge=0, wait_probe=duration(0.02), probedefs=[
        probedef(dst=TARGET6, method=ICMP), probedef(dst="2001:db8:2::2", dport=40000, ttl=60)])
    assert [definition.dst for definition in result.probedefs] == [TARGET6, "2001:db8:2::2"]
    assert result.probedefs[1].ttl == 60
    assert result.ally.fudge == 0


def test_radargun_probes_every_address_in_every_round(client):
    addrs = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    result = dealias(client, "Radargun", addrs=addrs, probedefs=[probedef(method=ICMP)], rounds=2,
                     wait_probe=duration(0.01), wait_round=duration(0.1), wait_timeout=duration(1))
    assert [definition.dst for definition in result.probedefs] == addrs
    assert result.radargun.rounds == 2
    assert len(result.probes) == 6


def test_prefixscan_and_bump(client):
    scan = dealias(client, "Prefixscan", near=NEAR, far="192.0.2.17", prefixlen=30, attempts=1,
                   replyc=3, wait_probe=duration(0.01), wait_timeout=duration(1), dport=40000)
    assert (scan.prefixscan.a, scan.prefixscan.b, scan.prefixscan.prefix) == (NEAR, "192.0.2.17", 30)
    assert (scan.prefixscan.attempts, scan.prefixscan.reply_count) == (1, 3)
    bump = dealias(client, "Bump", attempts=1, bump_limit=2, wait_probe=duration(0.02), probedefs=[
        probedef(dst=NEAR, method=ICMP), probedef(dst=FAR, method=ICMP)])
    assert (bump.bump.attempts, bump.bump.bump_limit) == (1, 2)


def test_sniff_captures_the_replies_of_a_ping(client):
    run = control_pb2.RunRequest(instances=["vp2"])
    sniff = run.measurements.add().sniff
    sniff.src, sniff.icmp_id, sniff.limit_pkt_count = address("vp2", 1), 4242, 2
    sniff.limit_time.seconds = 30
    ping = run.measurements.add().ping
    ping.dst, ping.icmp_id, ping.attempts = TARGET, 4242, 10
    ping.wait_probe.CopyFrom(duration(0.2))
    records = {}
    for event in client.Run(run, timeout=100):
        assert not event.HasField("error")
        if event.HasField("result"):
            records[event.result.task.measurement] = event.result.record
    assert len(records[0].sniff.pkts) == 2
    assert records[0].sniff.icmp_id == 4242
    assert records[1].ping.stop_reason == ping_pb2.PING_STOP_REASON_COMPLETED


def test_tbit_of_a_closed_port_is_a_result(client):
    result = measure(client, "Tbit", tbit_pb2.TbitParameters(
        dst=TARGET, method=tbit_pb2.TBIT_TYPE_NULL, url="http://a.test/it's", dport=81, userid=5))
    assert (result.dst, result.dport, result.userid) == (TARGET, 81, 5)
    assert result.type == tbit_pb2.TBIT_TYPE_NULL


@pytest.mark.parametrize("router", [address("vp1", 2), address("vp1", 2, 6)])
def test_neighbourdisc_finds_the_routers_address(client, router):
    result = measure(client, "Neighbourdisc", neighbourdisc_pb2.NeighbourdiscParameters(
        dst=router, ifname="vp1", attempts=2, all_attempts=True), instance="vp1")
    assert (result.dst_ip, result.ifname, result.attempts) == (router, "vp1", 2)
    assert len(result.dst_mac.split(":")) == 6
    assert [r.mac for p in result.probes for r in p.replies] == [result.dst_mac] * 2


@pytest.mark.parametrize("method, parameters", [
    ("Dns", {"qname": "a.test", "qtype": host_pb2.HOST_QUERY_TYPE_NS}),
    ("Dns", {"qname": "a.test", "server": "2001:db8::53"}),
    ("Dns", {"qname": "a.test", "userid": 1}),
    ("Http", {"dst": TARGET, "url": "http://a.test/"}),
    ("Udpprobe", {"dst": TARGET, "dport": 7, "payload": b"x"}),
    ("Midarest", {"addrs": [NEAR], "probedefs": [probedef(), probedef(method=ICMP)]}),
    ("Midardisc", {"probedefs": [probedef(dst=NEAR), probedef(dst=FAR)], "schedule": [
        dealias_pb2.MidardiscRoundParameters(end=1),
        dealias_pb2.MidardiscRoundParameters(start=duration(1), end=1)]}),
    ("Owamp", {"dst": TARGET}),
])
def test_what_this_daemon_lacks_names_the_version(client, method, parameters):
    request = getattr(control_pb2, method + "Request")(
        instance="vp1", **{method.lower(): parameters})
    with pytest.raises(grpc.RpcError) as caught:
        getattr(client, method)(request, timeout=30)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert method.lower() in caught.value.details()
    assert " needs scamper 202" in caught.value.details()
