// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_reply_json.h"

#include "server/records/json_text.h"
#include "server/records/micros.h"
#include "server/records/ping/ping_summary.h"
#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

using v1::Ping;
using v1::PingReply;

constexpr size_t kReplyCapacity = 511;
constexpr uint32_t kIcmp = 1;
constexpr uint32_t kTcp = 6;
constexpr uint32_t kUdp = 17;
constexpr uint32_t kIcmp6 = 58;

bool VariesSport(v1::PingMethod method) {
  return method == v1::PING_METHOD_TCP_ACK_SPORT || method == v1::PING_METHOD_TCP_SYN_SPORT ||
         method == v1::PING_METHOD_UDP_SPORT;
}

void AppendPorts(const Ping& ping, const PingReply& probe, std::string* out) {
  const v1::PingMethod method = ping.summary().method();
  if (IsIcmp(method)) {
    JsonU16(",\"icmp_id\":", ping.sport(), out);
    JsonU16(",\"icmp_seq\":", ping.dport() + probe.probe_id(), out);
    return;
  }
  const absl::string_view name = IsUdp(method) ? "udp" : IsTcp(method) ? "tcp" : "bug";
  const uint32_t sport = probe.probe_sport() != 0
                             ? probe.probe_sport()
                             : ping.sport() + (VariesSport(method) ? probe.probe_id() : 0);
  const uint32_t dport =
      ping.dport() + (method == v1::PING_METHOD_UDP_DPORT ? probe.probe_id() : 0);
  JsonLiteral(",\"", out);
  JsonLiteral(name, out);
  JsonU16("_sport\":", sport, out);
  JsonLiteral(", \"", out);
  JsonLiteral(name, out);
  JsonU16("_dport\":", dport, out);
}

void AppendProto(uint32_t proto, std::string* out) {
  JsonLiteral(",\"reply_proto\":", out);
  if (proto == kIcmp || proto == kIcmp6) {
    JsonLiteral("\"icmp\"", out);
  } else if (proto == kTcp) {
    JsonLiteral("\"tcp\"", out);
  } else if (proto == kUdp) {
    JsonLiteral("\"udp\"", out);
  } else {
    JsonU8(proto, out);
  }
}

void AppendReplyFlags(bool dltx, bool dlrx, std::string* out) {
  if (!dltx && !dlrx) return;
  JsonLiteral(",\"reply_flags\":[", out);
  if (dltx) JsonLiteral("\"dltxts\"", out);
  if (dltx && dlrx) out->push_back(',');
  if (dlrx) JsonLiteral("\"dlrxts\"", out);
  out->push_back(']');
}

void AppendRx(const PingReply& reply, const PingReply& probe, std::string* out) {
  const uint64_t micros = static_cast<uint64_t>(probe.tx().nanos() / 1000) + Micros(reply.rtt());
  JsonU32(",\"rx\":{\"sec\":", static_cast<uint64_t>(probe.tx().seconds()) + micros / 1000000, out);
  JsonU32(",\"usec\":", micros % 1000000, out);
  out->push_back('}');
}

void AppendIpid(const Ping& ping, const PingReply& reply, std::string* out) {
  const bool short_id = reply.has_reply_ipid16() && !IsIpv6Text(ping.dst());
  const uint32_t id = short_id ? reply.reply_ipid16() : reply.reply_ipid32();
  if (!IsIpv6Text(reply.src())) {
    JsonU16(",\"reply_ipid\":", id, out);
  } else if ((reply.flags() & v1::PING_REPLY_FLAG_REPLY_IPID) != 0) {
    JsonU32(",\"reply_ipid\":", id, out);
  }
}

void AppendIcmpOrTcp(const PingReply& reply, std::string* out) {
  const uint32_t proto = reply.summary().proto();
  if (proto == (IsIpv6Text(reply.src()) ? kIcmp6 : kIcmp)) {
    JsonU8(",\"icmp_type\":", reply.icmp().type(), out);
    JsonU8(",\"icmp_code\":", reply.icmp().code(), out);
    if (reply.summary().kind() == v1::REPLY_KIND_ICMP_PACKET_TOO_BIG) {
      JsonU16(",\"icmp_nhmtu\":", reply.icmp_nhmtu(), out);
    }
  } else if (proto == kTcp) {
    JsonU8(",\"tcp_flags\":", reply.tcp_flags(), out);
  }
}

void AppendTimestamps(const v1::IpTimestamps& stamps, bool tsonly, std::string* out) {
  JsonLiteral(tsonly ? ",\"tsonly\":[" : ",\"tsandaddr\":[", out);
  JsonJoin join(",", out);
  for (int i = 0; i < stamps.timestamps_size(); ++i) {
    join.Next();
    if (tsonly) {
      JsonU32(stamps.timestamps(i), out);
      continue;
    }
    JsonU32("{\"ts\":", stamps.timestamps(i), out);
    if (i < stamps.addrs_size()) JsonPlainString(",\"ip\":\"", stamps.addrs(i), out);
    out->push_back('}');
  }
  out->push_back(']');
}

void AppendOptions(const Ping& ping, const PingReply& reply, std::string* out) {
  if (reply.record_route_size() > 0) {
    JsonLiteral(",\"RR\":[", out);
    JsonJoin join(",", out);
    for (const std::string& address : reply.record_route()) {
      join.Next();
      JsonPlainString("\"", address, out);
    }
    out->push_back(']');
  }
  if (reply.timestamps().timestamps_size() > 0) {
    AppendTimestamps(reply.timestamps(), (ping.flags() & v1::PING_FLAG_TSONLY) != 0, out);
  }
}

}  // namespace

void AppendPingReplyJson(const Ping& ping, const PingReply& reply, const PingReply& probe,
                         const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, kReplyCapacity, out);
  out->push_back('{');
  if (reply.has_src()) JsonPlainString("\"from\":\"", reply.src(), out);
  if (reply.has_src()) out->push_back(',');
  JsonU16("\"reply_size\":", reply.reply_size(), out);
  JsonU8(",\"reply_ttl\":", reply.reply_ttl(), out);
  JsonU16(",\"seq\":", reply.probe_id(), out);
  const bool has_tx = probe.tx().seconds() != 0;
  if (has_tx) {
    JsonLiteral(",\"tx\":", out);
    JsonTime(probe.tx(), ",", out);
  }
  AppendPorts(ping, probe, out);
  if ((probe.flags() & v1::PING_REPLY_FLAG_PROBE_IPID) != 0)
    JsonU16(",\"probe_ipid\":", probe.probe_ipid(), out);
  AppendProto(reply.summary().proto(), out);
  if (reply.has_ifname()) JsonRawString(",\"ifname\":\"", reply.ifname(), context, out);
  AppendReplyFlags((reply.flags() & v1::PING_REPLY_FLAG_DLTX) != 0,
                   (reply.flags() & v1::PING_REPLY_FLAG_DLRX) != 0, out);
  if (has_tx) AppendRx(reply, probe, out);
  JsonLiteral(",\"rtt\":", out);
  JsonMillis(reply.rtt(), out);
  AppendIpid(ping, reply, out);
  if ((reply.flags() & v1::PING_REPLY_FLAG_REPLY_TOS) != 0)
    JsonU8(",\"reply_tos\":", reply.reply_tos(), out);
  AppendIcmpOrTcp(reply, out);
  AppendOptions(ping, reply, out);
  out->push_back('}');
  fragment.End();
}

}  // namespace scamper::records
