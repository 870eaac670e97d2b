// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_summary.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "server/records/micros.h"
#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

using v1::Ping;
using v1::PingReply;
using v1::PingReplySummary;
using v1::PingSummary;

constexpr uint32_t kIcmp = 1;
constexpr uint32_t kTcp = 6;
constexpr uint32_t kUdp = 17;
constexpr uint32_t kIcmp6 = 58;

v1::ReplyKind KindOf(const PingReply& reply, uint32_t proto) {
  if (proto == kTcp) return v1::REPLY_KIND_TCP;
  if (proto == kUdp) return v1::REPLY_KIND_UDP;
  const bool v6 = IsIpv6Text(reply.src());
  if (proto != (v6 ? kIcmp6 : kIcmp)) return v1::REPLY_KIND_UNSPECIFIED;
  return IcmpKind(v6, reply.icmp().type(), reply.icmp().code());
}

bool FromTarget(v1::PingMethod method, v1::ReplyKind kind) {
  if (IsTcp(method)) return kind == v1::REPLY_KIND_TCP;
  if (IsUdp(method))
    return kind == v1::REPLY_KIND_UDP || kind == v1::REPLY_KIND_ICMP_UNREACHABLE_PORT;
  if (method == v1::PING_METHOD_ICMP_TIME) return kind == v1::REPLY_KIND_ICMP_TIMESTAMP_REPLY;
  return method == v1::PING_METHOD_ICMP_ECHO && kind == v1::REPLY_KIND_ICMP_ECHO_REPLY;
}

// Old writers store both ids, one of them 0; the destination's family decides.
void SetIpid(const PingReply& reply, bool dst_v6, PingReplySummary* out) {
  if ((reply.flags() & v1::PING_REPLY_FLAG_REPLY_IPID) == 0) return;
  const uint32_t id =
      reply.has_reply_ipid16() && !dst_v6 ? reply.reply_ipid16() : reply.reply_ipid32();
  out->set_reply_ipid(IsIpv6Text(reply.src()) ? id : id & 0xffff);
}

void SetRx(const PingReply& reply, PingReplySummary* out) {
  if (!reply.has_tx()) return;
  const int64_t nanos = int64_t{reply.tx().nanos()} + reply.rtt().nanos();
  out->mutable_rx()->set_seconds(reply.tx().seconds() + reply.rtt().seconds() + nanos / 1000000000);
  out->mutable_rx()->set_nanos(static_cast<int32_t>(nanos % 1000000000));
}

void SummarizeReply(v1::PingMethod method, bool dst_v6, PingReply* reply) {
  const uint32_t proto = reply->has_reply_proto() ? reply->reply_proto() : dst_v6 ? kIcmp6 : kIcmp;
  PingReplySummary* out = reply->mutable_summary();
  out->Clear();
  out->set_attempt(reply->probe_id() + 1);
  out->set_kind(KindOf(*reply, proto));
  out->set_from_target(FromTarget(method, out->kind()));
  out->set_proto(proto);
  SetIpid(*reply, dst_v6, out);
  SetRx(*reply, out);
}

void SetProbe(const Ping& ping, PingSummary* out) {
  if (IsTcp(out->method()) || IsUdp(out->method())) {
    out->set_probe_sport(ping.sport());
    out->set_probe_dport(ping.dport());
  }
  if (IsIcmp(out->method())) {
    out->set_probe_icmp_id(ping.sport());
    out->set_probe_icmp_seq(ping.dport());
    out->set_probe_icmp_sum(ping.icmp_sum());
  }
  if (IsTcp(out->method())) {
    out->set_probe_tcp_seq(ping.tcp_seq());
    out->set_probe_tcp_ack(ping.tcp_ack());
  }
}

struct RttTotals {
  uint32_t count = 0;
  uint64_t sum = 0;
  uint64_t min = UINT64_MAX;
  uint64_t max = 0;

  void Add(uint64_t micros) {
    ++count;
    sum += micros;
    min = std::min(min, micros);
    max = std::max(max, micros);
  }
};

uint64_t StandardDeviation(const Ping& ping, const RttTotals& totals) {
  const double mean = static_cast<double>(totals.sum) / totals.count;
  double squares = 0;
  for (const PingReply& reply : ping.replies()) {
    if (!reply.summary().from_target()) continue;
    const double difference = static_cast<double>(Micros(reply.rtt())) - mean;
    squares += difference * difference;
  }
  return static_cast<uint64_t>(std::sqrt(squares / totals.count));
}

void SetCounts(const Ping& ping, PingSummary* out) {
  RttTotals totals;
  std::vector<bool> answered(ping.probe_count());
  uint32_t errors = 0;
  uint32_t duplicates = 0;
  for (const PingReply& reply : ping.replies()) {
    if (!reply.summary().from_target()) {
      ++errors;
      continue;
    }
    totals.Add(Micros(reply.rtt()));
    if (reply.probe_id() >= answered.size()) continue;
    if (answered[reply.probe_id()]) ++duplicates;
    answered[reply.probe_id()] = true;
  }
  const uint32_t probes_answered =
      static_cast<uint32_t>(std::count(answered.begin(), answered.end(), true));
  out->set_nreplies(probes_answered);
  out->set_ndups(duplicates);
  out->set_nloss(ping.probe_count() - probes_answered);
  out->set_nerrs(errors);
  if (totals.count == 0) return;
  SetMicros(totals.min, out->mutable_min_rtt());
  SetMicros(totals.max, out->mutable_max_rtt());
  SetMicros(totals.sum / totals.count, out->mutable_avg_rtt());
  SetMicros(StandardDeviation(ping, totals), out->mutable_stddev_rtt());
}

}  // namespace

bool IsIcmp(v1::PingMethod method) {
  return method == v1::PING_METHOD_ICMP_ECHO || method == v1::PING_METHOD_ICMP_TIME;
}

bool IsTcp(v1::PingMethod method) {
  switch (method) {
    case v1::PING_METHOD_TCP_ACK:
    case v1::PING_METHOD_TCP_ACK_SPORT:
    case v1::PING_METHOD_TCP_SYN:
    case v1::PING_METHOD_TCP_SYNACK:
    case v1::PING_METHOD_TCP_RST:
    case v1::PING_METHOD_TCP_SYN_SPORT:
      return true;
    default:
      return false;
  }
}

bool IsUdp(v1::PingMethod method) {
  return method == v1::PING_METHOD_UDP || method == v1::PING_METHOD_UDP_DPORT ||
         method == v1::PING_METHOD_UDP_SPORT;
}

void SummarizePing(Ping* ping) {
  PingSummary* out = ping->mutable_summary();
  out->Clear();
  out->set_method(ping->has_method() ? ping->method() : v1::PING_METHOD_ICMP_ECHO);
  if (ping->has_wait_timeout()) {
    *out->mutable_wait_timeout() = ping->wait_timeout();
  } else {
    out->mutable_wait_timeout()->set_seconds(ping->wait_probe().seconds());
  }
  SetProbe(*ping, out);
  const bool dst_v6 = IsIpv6Text(ping->dst());
  for (PingReply& reply : *ping->mutable_replies()) SummarizeReply(out->method(), dst_v6, &reply);
  SetCounts(*ping, out);
}

}  // namespace scamper::records
