// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_summary.h"

#include <string>

#include "server/records/reply_kind.h"

namespace scamper::records {
namespace {

using v1::Dealias;
using v1::DealiasProbe;
using v1::DealiasProbedef;
using v1::DealiasReply;
using v1::DealiasReplySummary;
using v1::DealiasSummary;

constexpr uint32_t kIcmp = 1;
constexpr uint32_t kTcp = 6;
constexpr uint32_t kUdp = 17;
constexpr uint32_t kIcmp6 = 58;

void SummarizeProbedef(DealiasProbedef* def) {
  v1::DealiasProbedefSummary* out = def->mutable_summary();
  out->Clear();
  if (IsUdp(def->method()) || IsTcp(def->method())) {
    out->set_sport(def->ports().sport());
    out->set_dport(def->ports().dport());
  }
  if (!IsIcmp(def->method())) return;
  out->set_icmp_id(def->icmp_id());
  out->set_icmp_sum(def->has_ports() ? def->ports().dport() : def->icmp_sum());
}

v1::ReplyKind KindOf(const DealiasReply& reply, uint32_t proto) {
  if (proto == kTcp) return v1::REPLY_KIND_TCP;
  if (proto == kUdp) return v1::REPLY_KIND_UDP;
  if (proto != kIcmp && proto != kIcmp6) return v1::REPLY_KIND_UNSPECIFIED;
  return IcmpKind(proto == kIcmp6, reply.icmp().type(), reply.icmp().code());
}

bool FromTarget(v1::DealiasProbeMethod method, v1::ReplyKind kind) {
  if (IsUdp(method)) return kind == v1::REPLY_KIND_ICMP_UNREACHABLE_PORT;
  if (IsTcp(method)) return kind == v1::REPLY_KIND_TCP;
  return IsIcmp(method) && kind == v1::REPLY_KIND_ICMP_ECHO_REPLY;
}

void SummarizeReply(v1::DealiasProbeMethod method, DealiasReply* reply) {
  const bool v6 = IsIpv6Text(reply->src());
  DealiasReplySummary* out = reply->mutable_summary();
  out->Clear();
  out->set_proto(reply->has_proto() ? reply->proto() : v6 ? kIcmp6 : kIcmp);
  out->set_kind(KindOf(*reply, out->proto()));
  out->set_from_target(FromTarget(method, out->kind()));
  if (!v6) {
    out->set_ipid(reply->ipid());
  } else if ((reply->flags() & v1::DEALIAS_REPLY_FLAG_IPID32) != 0) {
    out->set_ipid(reply->ipid32());
  }
  const uint32_t type = reply->icmp().type();
  const bool quotes = (out->proto() == kIcmp && (type == 3 || type == 11)) ||
                      (out->proto() == kIcmp6 && (type == 1 || type == 3));
  if (quotes) out->set_icmp_q_ttl(reply->icmp_q_ttl());
}

// The first reply of the target under another address; null where there is none.
const std::string* OtherAddress(const Dealias& dealias, const std::string& dst) {
  for (const DealiasProbe& probe : dealias.probes()) {
    for (const DealiasReply& reply : probe.replies()) {
      if (reply.summary().from_target() && reply.src() != dst) return &reply.src();
    }
  }
  return nullptr;
}

void SetAliases(const Dealias& dealias, DealiasSummary* out) {
  if (dealias.has_ally() && dealias.probedefs_size() == 2) {
    out->add_aliases(dealias.probedefs(0).dst());
    out->add_aliases(dealias.probedefs(1).dst());
  } else if (dealias.prefixscan().has_a() && dealias.prefixscan().has_ab()) {
    out->add_aliases(dealias.prefixscan().a());
    out->add_aliases(dealias.prefixscan().ab());
  } else if (dealias.has_mercator() && dealias.probedefs_size() == 1) {
    const std::string& dst = dealias.probedefs(0).dst();
    const std::string* other = OtherAddress(dealias, dst);
    if (other == nullptr) return;
    out->add_aliases(dst);
    out->add_aliases(*other);
  }
}

}  // namespace

bool IsIcmp(v1::DealiasProbeMethod method) { return method == v1::DEALIAS_PROBE_METHOD_ICMP_ECHO; }

bool IsTcp(v1::DealiasProbeMethod method) {
  return method == v1::DEALIAS_PROBE_METHOD_TCP_ACK ||
         method == v1::DEALIAS_PROBE_METHOD_TCP_ACK_SPORT ||
         method == v1::DEALIAS_PROBE_METHOD_TCP_SYN_SPORT;
}

bool IsUdp(v1::DealiasProbeMethod method) {
  return method == v1::DEALIAS_PROBE_METHOD_UDP || method == v1::DEALIAS_PROBE_METHOD_UDP_DPORT;
}

void SummarizeDealias(Dealias* dealias) {
  for (DealiasProbedef& def : *dealias->mutable_probedefs()) SummarizeProbedef(&def);
  for (DealiasProbe& probe : *dealias->mutable_probes()) {
    const bool has_def = probe.probedef() < static_cast<uint32_t>(dealias->probedefs_size());
    const v1::DealiasProbeMethod method =
        has_def ? dealias->probedefs(static_cast<int>(probe.probedef())).method()
                : v1::DEALIAS_PROBE_METHOD_UNSPECIFIED;
    for (DealiasReply& reply : *probe.mutable_replies()) SummarizeReply(method, &reply);
  }
  DealiasSummary* out = dealias->mutable_summary();
  out->Clear();
  out->set_has_aliases(dealias->result() == v1::DEALIAS_RESULT_ALIASES);
  if (out->has_aliases()) SetAliases(*dealias, out);
}

}  // namespace scamper::records
