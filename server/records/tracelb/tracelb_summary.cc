// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_summary.h"

#include <algorithm>
#include <utility>

#include "server/records/reply_kind.h"
#include "server/warts/address.h"

namespace scamper::records {
namespace {

using v1::Tracelb;
using v1::TracelbProbe;
using v1::TracelbProbeset;
using v1::TracelbReply;
using v1::TracelbReplySummary;

void SummarizeReply(TracelbReply* reply) {
  TracelbReplySummary* out = reply->mutable_summary();
  out->Clear();
  const bool v6 = IsIpv6Text(reply->src());
  if (!v6) out->set_ipid(reply->ipid());
  if ((reply->flags() & v1::TRACELB_REPLY_FLAG_REPLY_TTL) != 0) out->set_ttl(reply->ttl());
  if ((reply->flags() & v1::TRACELB_REPLY_FLAG_TCP) != 0) {
    out->set_kind(v1::REPLY_KIND_TCP);
    out->set_tcp_flags(reply->tcp_flags());
    return;
  }
  out->set_kind(IcmpKind(v6, reply->icmp().type(), reply->icmp().code()));
  if (!QuotesProbe(v6, reply->icmp().type()) || (v6 && reply->icmp().type() == 2)) return;
  out->set_icmp_q_ttl(reply->icmp_q_ttl());
  out->set_icmp_q_tos(reply->icmp_q_tos());
}

void SummarizeProbe(TracelbProbe* probe) {
  probe->mutable_summary()->set_attempt(probe->attempt() + 1);
  for (TracelbReply& reply : *probe->mutable_replies()) SummarizeReply(&reply);
}

void SummarizeNodes(Tracelb* tracelb) {
  for (v1::TracelbNode& node : *tracelb->mutable_nodes()) {
    node.mutable_summary()->Clear();
    if ((node.flags() & v1::TRACELB_NODE_FLAG_QTTL) != 0)
      node.mutable_summary()->set_icmp_q_ttl(node.icmp_q_ttl());
  }
  for (int i = 0; i < tracelb->links_size(); ++i) {
    const uint32_t near = tracelb->links(i).near();
    if (near >= static_cast<uint32_t>(tracelb->nodes_size())) continue;
    tracelb->mutable_nodes(static_cast<int>(near))
        ->mutable_summary()
        ->add_links(static_cast<uint32_t>(i));
  }
}

// The bytes in the order in which they count.
std::string SortKey(const std::string& text) {
  const auto address = warts::ParseAddress(text);
  if (!address) return text;
  const absl::string_view bytes = address->view().bytes;
  std::string key(1, static_cast<char>(address->type));
  for (size_t begin = 0; begin < bytes.size(); begin += 8) {
    const absl::string_view word = bytes.substr(begin, 8);
    key.append(word.rbegin(), word.rend());
  }
  return key;
}

std::vector<std::string> SortedAddresses(const TracelbProbeset& set) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const TracelbProbe& probe : set.probes()) {
    for (const TracelbReply& reply : probe.replies()) {
      const auto same = [&](const auto& pair) { return pair.second == reply.src(); };
      if (std::none_of(found.begin(), found.end(), same))
        found.emplace_back(SortKey(reply.src()), reply.src());
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> addresses;
  addresses.reserve(found.size());
  for (auto& pair : found) addresses.push_back(std::move(pair.second));
  return addresses;
}

}  // namespace

bool IsIcmp(v1::TracelbMethod method) { return method == v1::TRACELB_METHOD_ICMP_ECHO; }

bool IsTcp(v1::TracelbMethod method) {
  return method == v1::TRACELB_METHOD_TCP_SPORT || method == v1::TRACELB_METHOD_TCP_ACK_SPORT;
}

bool IsUdp(v1::TracelbMethod method) {
  return method == v1::TRACELB_METHOD_UDP_DPORT || method == v1::TRACELB_METHOD_UDP_SPORT;
}

void SummarizeTracelb(Tracelb* tracelb) {
  v1::TracelbSummary* out = tracelb->mutable_summary();
  out->Clear();
  if (IsUdp(tracelb->method()) || IsTcp(tracelb->method())) {
    out->set_probe_sport(tracelb->sport());
    out->set_probe_dport(tracelb->dport());
  }
  if (IsIcmp(tracelb->method())) out->set_probe_icmp_id(tracelb->sport());
  SummarizeNodes(tracelb);
  for (v1::TracelbLink& link : *tracelb->mutable_links()) {
    for (TracelbProbeset& set : *link.mutable_probesets()) {
      for (TracelbProbe& probe : *set.mutable_probes()) SummarizeProbe(&probe);
    }
  }
}

TracelbHop HopOf(const TracelbProbeset& set) {
  TracelbHop hop;
  hop.addresses = SortedAddresses(set);
  bool answered = false;
  for (int i = 0; i < set.probes_size(); ++i) {
    answered = answered || set.probes(i).replies_size() > 0;
    const bool last =
        i + 1 == set.probes_size() || set.probes(i + 1).flowid() != set.probes(i).flowid();
    if (!last) continue;
    if (!answered) ++hop.silent_flows;
    answered = false;
  }
  return hop;
}

}  // namespace scamper::records
