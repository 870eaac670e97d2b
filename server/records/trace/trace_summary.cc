// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_summary.h"

#include <algorithm>
#include <vector>

#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceHop;
using v1::TraceHopSummary;
using v1::TraceSummary;

v1::ReplyKind KindOf(const TraceHop& hop, bool v6) {
  if ((hop.flags() & v1::TRACE_HOP_FLAG_TCP) != 0) return v1::REPLY_KIND_TCP;
  if ((hop.flags() & v1::TRACE_HOP_FLAG_UDP) != 0) return v1::REPLY_KIND_UDP;
  return IcmpKind(v6, hop.icmp().type(), hop.icmp().code());
}

void SetQuoted(const TraceHop& hop, bool v6, TraceHopSummary* out) {
  out->set_icmp_q_ttl(hop.has_icmp_q_ttl() ? hop.icmp_q_ttl() : 1);
  out->set_icmp_q_ipl(hop.has_icmp_q_ipl() ? hop.icmp_q_ipl() : hop.probe_size());
  if (!v6) out->set_icmp_q_tos(hop.icmp_q_tos());
}

void SummarizeHop(bool rxerr, TraceHop* hop) {
  TraceHopSummary* out = hop->mutable_summary();
  out->Clear();
  const bool v6 = IsIpv6Text(hop->src());
  out->set_attempt(hop->has_probe_id() ? hop->probe_id() + 1 : 0);
  out->set_kind(KindOf(*hop, v6));
  if ((hop->flags() & v1::TRACE_HOP_FLAG_REPLY_TTL) != 0) out->set_reply_ttl(hop->reply_ttl());
  if (!v6) out->set_reply_tos(hop->reply_tos());
  if (!rxerr) out->set_reply_size(hop->reply_size());
  if (!v6 && !rxerr) out->set_reply_ipid(hop->reply_ipid());
  if (out->kind() == v1::REPLY_KIND_TCP) {
    out->set_tcp_flags(hop->tcp_flags());
  } else if (out->kind() != v1::REPLY_KIND_UDP && QuotesProbe(v6, hop->icmp().type())) {
    SetQuoted(*hop, v6, out);
  }
  if (out->kind() == v1::REPLY_KIND_ICMP_PACKET_TOO_BIG) out->set_icmp_nhmtu(hop->icmp_nhmtu());
}

void SummarizeHops(bool rxerr, google::protobuf::RepeatedPtrField<TraceHop>* hops) {
  for (TraceHop& hop : *hops) SummarizeHop(rxerr, &hop);
}

void SetProbe(const Trace& trace, TraceSummary* out) {
  switch (trace.method()) {
    case v1::TRACE_METHOD_UDP:
    case v1::TRACE_METHOD_UDP_PARIS:
    case v1::TRACE_METHOD_TCP:
    case v1::TRACE_METHOD_TCP_ACK:
      out->set_probe_sport(trace.sport());
      out->set_probe_dport(trace.dport());
      break;
    case v1::TRACE_METHOD_ICMP_PARIS:
      if ((trace.flags() & v1::TRACE_FLAG_ICMPCSUMDP) != 0) out->set_probe_icmp_sum(trace.dport());
      out->set_probe_icmp_id(trace.sport());
      break;
    case v1::TRACE_METHOD_ICMP:
      out->set_probe_icmp_id(trace.sport());
      break;
    default:
      break;
  }
}

// The first reply of each TTL in the order of the record is that of the first
// probe that got one.
void SetPath(const Trace& trace, TraceSummary* out) {
  std::vector<int> first(out->hop_count() + 1, -1);
  for (int i = trace.hops_size() - 1; i >= 0; --i) {
    const uint32_t ttl = trace.hops(i).probe_ttl();
    if (ttl < first.size()) first[ttl] = i;
  }
  out->mutable_path()->Reserve(static_cast<int>(out->hop_count()));
  for (uint32_t ttl = 1; ttl < first.size(); ++ttl) {
    v1::TracePathHop* path_hop = out->add_path();
    path_hop->set_ttl(ttl);
    if (first[ttl] < 0) continue;
    const TraceHop& hop = trace.hops(first[ttl]);
    path_hop->set_hop(static_cast<uint32_t>(first[ttl]));
    path_hop->set_src(hop.src());
    *path_hop->mutable_rtt() = hop.rtt();
  }
}

}  // namespace

uint32_t HopCount(const Trace& trace) {
  uint32_t count = trace.hop_count();
  if (count != 0) return std::min(count, 255u);
  for (const TraceHop& hop : trace.hops()) count = std::max(count, hop.probe_ttl());
  return std::min(count, 255u);
}

void SummarizeTrace(Trace* trace) {
  const bool rxerr = (trace->flags() & v1::TRACE_FLAG_RXERR) != 0;
  SummarizeHops(rxerr, trace->mutable_hops());
  if (trace->has_pmtud()) {
    v1::TracePmtud* pmtud = trace->mutable_pmtud();
    SummarizeHops(rxerr, pmtud->mutable_hops());
    pmtud->mutable_summary()->set_out_mtu(pmtud->out_mtu() != 0 ? pmtud->out_mtu()
                                                                : pmtud->if_mtu());
  }
  if (trace->has_last_ditch()) SummarizeHops(rxerr, trace->mutable_last_ditch()->mutable_hops());
  TraceSummary* out = trace->mutable_summary();
  out->Clear();
  SetProbe(*trace, out);
  out->set_hop_count(HopCount(*trace));
  out->set_stop_hop(trace->stop_hop() != 0 ? trace->stop_hop() : out->hop_count());
  SetPath(*trace, out);
}

}  // namespace scamper::records
