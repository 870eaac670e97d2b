// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_json.h"

#include "server/records/icmp_exts_json.h"
#include "server/records/json_text.h"
#include "server/records/micros.h"
#include "server/records/reply_kind.h"
#include "server/records/tracelb/tracelb_summary.h"

namespace scamper::records {
namespace {

using v1::Tracelb;
using v1::TracelbLink;
using v1::TracelbNode;
using v1::TracelbProbe;
using v1::TracelbProbeset;
using v1::TracelbReply;

constexpr absl::string_view kMethods[] = {"",          "udp-dport", "icmp-echo",
                                          "udp-sport", "tcp-sport", "tcp-ack-sport"};

void AppendProbing(const Tracelb& tracelb, std::string* out) {
  JsonU16(", \"probe_size\":", tracelb.probe_size(), out);
  JsonU8(", \"firsthop\":", tracelb.firsthop(), out);
  JsonU8(", \"attempts\":", tracelb.attempts(), out);
  JsonU8(", \"confidence\":", tracelb.confidence(), out);
  JsonU8(", \"tos\":", tracelb.tos(), out);
  JsonU8(", \"gaplimit\":", tracelb.gaplimit(), out);
  JsonU32(", \"wait_timeout\":", static_cast<uint64_t>(tracelb.wait_timeout().seconds()), out);
  JsonU32(", \"wait_probe\":", Micros(tracelb.wait_probe()) / 10000, out);
  JsonU32(", \"probec\":", tracelb.probe_count(), out);
  JsonU32(", \"probec_max\":", tracelb.probe_count_limit(), out);
  JsonU16(", \"nodec\":", tracelb.node_count(), out);
  JsonU16(", \"linkc\":", tracelb.link_count(), out);
}

void AppendHeader(const Tracelb& tracelb, const JsonContext& context, std::string* out) {
  out->push_back('{');
  JsonFragment header(context, 1023, out);
  JsonU32("\"type\":\"tracelb\", \"version\":\"0.1\", \"userid\":", tracelb.userid(), out);
  JsonLiteral(", \"method\":\"", out);
  JsonName(kMethods, static_cast<uint32_t>(tracelb.method()), out);
  out->push_back('"');
  if (tracelb.has_src()) JsonPlainString(", \"src\":\"", tracelb.src(), out);
  if (tracelb.has_dst()) JsonPlainString(", \"dst\":\"", tracelb.dst(), out);
  if (tracelb.has_rtr()) JsonPlainString(", \"rtr\":\"", tracelb.rtr(), out);
  if (tracelb.summary().has_probe_sport()) {
    JsonU16(", \"sport\":", tracelb.sport(), out);
    JsonU16(", \"dport\":", tracelb.dport(), out);
  }
  JsonU32(", \"start\":{\"sec\":", static_cast<uint64_t>(tracelb.start().seconds()), out);
  JsonU32(", \"usec\":", static_cast<uint32_t>(tracelb.start().nanos() / 1000), out);
  JsonLiteral(", \"ftime\":\"", out);
  JsonLocalTime(tracelb.start(), out);
  JsonLiteral("\"}", out);
  AppendProbing(tracelb, out);
  if (tracelb.has_errmsg()) JsonString(",\"errmsg\":\"", tracelb.errmsg(), context, 511, out);
  JsonMonitor(context, out);
  header.End();
}

// Microseconds, as the difference wraps.
uint64_t MicrosBetween(const google::protobuf::Timestamp& from,
                       const google::protobuf::Timestamp& to) {
  const uint64_t seconds =
      static_cast<uint64_t>(to.seconds()) - static_cast<uint64_t>(from.seconds());
  return seconds * 1000000 + static_cast<uint64_t>(int64_t{to.nanos()} / 1000) -
         static_cast<uint64_t>(int64_t{from.nanos()} / 1000);
}

void AppendReply(const TracelbProbe& probe, const TracelbReply& reply, const JsonContext& context,
                 std::string* out) {
  JsonFragment fragment(context, 2047, out);
  JsonLiteral("{\"rx\":", out);
  JsonTime(reply.rx(), ", ", out);
  JsonU8(", \"ttl\":", reply.ttl(), out);
  JsonLiteral(", \"rtt\":", out);
  JsonMillis(MicrosBetween(probe.tx(), reply.rx()), out);
  const bool v6 = IsIpv6Text(reply.src());
  if (!v6) JsonU16(", \"ipid\":", reply.ipid(), out);
  if ((reply.flags() & v1::TRACELB_REPLY_FLAG_TCP) != 0) {
    JsonU8(", \"tcp_flags\":", reply.tcp_flags(), out);
  } else {
    JsonU8(", \"icmp_type\":", reply.icmp().type(), out);
    JsonU8(", \"icmp_code\":", reply.icmp().code(), out);
    JsonU8(", \"icmp_q_tos\":", reply.icmp_q_tos(), out);
    if (reply.summary().has_icmp_q_ttl()) JsonU8(", \"icmp_q_ttl\":", reply.icmp_q_ttl(), out);
  }
  JsonIcmpExts(reply.icmp_exts(), out);
  out->push_back('}');
  fragment.End();
}

// `address` is the one whose replies count; null: all do.
void AppendProbe(const TracelbProbe& probe, const std::string* address, const JsonContext& context,
                 std::string* out) {
  uint32_t count = 0;
  for (const TracelbReply& reply : probe.replies()) {
    if (address == nullptr || reply.src() == *address) ++count;
  }
  JsonLiteral("{\"tx\":", out);
  JsonTime(probe.tx(), ", ", out);
  JsonU32(", \"replyc\":", count, out);
  JsonU8(", \"ttl\":", probe.ttl(), out);
  JsonU8(", \"attempt\":", probe.attempt(), out);
  JsonU16(", \"flowid\":", probe.flowid(), out);
  if (count > 0) {
    JsonLiteral(", \"replies\":[", out);
    JsonJoin replies(",", out);
    for (const TracelbReply& reply : probe.replies()) {
      if (address != nullptr && reply.src() != *address) continue;
      replies.Next();
      AppendReply(probe, reply, context, out);
    }
    out->push_back(']');
  }
  out->push_back('}');
}

// "probes":[...] of all probes of the set.
void AppendProbes(const TracelbProbeset& set, const std::string* address,
                  const JsonContext& context, std::string* out) {
  JsonLiteral("\"probes\":[", out);
  JsonJoin probes(",", out);
  for (const TracelbProbe& probe : set.probes()) {
    probes.Next();
    AppendProbe(probe, address, context, out);
  }
  out->push_back(']');
}

bool HasReplyFrom(const TracelbProbe& probe, const std::string& address) {
  for (const TracelbReply& reply : probe.replies()) {
    if (reply.src() == address) return true;
  }
  return false;
}

// All that replied at one hop, each with its probes.
void AppendHop(const TracelbProbeset& set, const JsonContext& context, std::string* out) {
  const TracelbHop hop = HopOf(set);
  out->push_back('[');
  JsonJoin found(", ", out);
  for (const std::string& address : hop.addresses) {
    found.Next();
    JsonPlainString("{\"addr\":\"", address, out);
    JsonLiteral(", \"probes\":[", out);
    JsonJoin probes(",", out);
    for (const TracelbProbe& probe : set.probes()) {
      if (!HasReplyFrom(probe, address)) continue;
      probes.Next();
      AppendProbe(probe, &address, context, out);
    }
    JsonLiteral("]}", out);
  }
  if (hop.silent_flows > 0) {
    found.Next();
    JsonLiteral("{\"addr\":\"*\"}", out);
  }
  out->push_back(']');
}

// The node that a link ends at; null where it ends nowhere.
const TracelbNode* Far(const Tracelb& tracelb, const TracelbLink& link) {
  const bool is_node = link.has_far() && link.far() < static_cast<uint32_t>(tracelb.nodes_size());
  return is_node ? &tracelb.nodes(static_cast<int>(link.far())) : nullptr;
}

const std::string* AddressOf(const TracelbNode* node) {
  return node != nullptr && node->has_src() ? &node->src() : nullptr;
}

const TracelbProbeset& SetOf(const TracelbLink& link, int i) {
  return i >= 0 && i < link.probesets_size() ? link.probesets(i)
                                             : TracelbProbeset::default_instance();
}

// Hop by hop.
void AppendOnlyLink(const Tracelb& tracelb, const TracelbLink& link, const JsonContext& context,
                    std::string* out) {
  const int last = link.probesets_size() - 1;
  for (int i = 0; i < last; ++i) {
    AppendHop(link.probesets(i), context, out);
    out->push_back(',');
  }
  const TracelbNode* far = Far(tracelb, link);
  if (far == nullptr) {
    JsonLiteral("[{\"addr\":\"*\"}]", out);
    return;
  }
  JsonPlainString("[{\"addr\":\"", far->has_src() ? absl::string_view(far->src()) : "*", out);
  JsonLiteral(", ", out);
  AppendProbes(SetOf(link, last), AddressOf(far), context, out);
  JsonLiteral("}]", out);
}

void AppendLinks(const Tracelb& tracelb, const TracelbNode& node, const JsonContext& context,
                 std::string* out) {
  out->push_back('[');
  JsonJoin links(",", out);
  for (const uint32_t i : node.summary().links()) {
    const TracelbLink& link = tracelb.links(static_cast<int>(i));
    const std::string* address = AddressOf(Far(tracelb, link));
    links.Next();
    out->push_back('{');
    if (address != nullptr) {
      JsonPlainString("\"addr\":\"", *address, out);
      JsonLiteral(", ", out);
    }
    AppendProbes(SetOf(link, 0), address, context, out);
    out->push_back('}');
  }
  out->push_back(']');
}

void AppendNode(const Tracelb& tracelb, const TracelbNode& node, const JsonContext& context,
                std::string* out) {
  const auto& links = node.summary().links();
  JsonFragment prefix(context, 2047, out);
  JsonPlainString("{\"addr\":\"", node.has_src() ? absl::string_view(node.src()) : "*", out);
  if (node.has_name()) JsonString(", \"name\":\"", node.name(), context, 511, out);
  if (node.summary().has_icmp_q_ttl()) JsonU8(", \"q_ttl\":", node.icmp_q_ttl(), out);
  JsonU16(", \"linkc\":", static_cast<uint64_t>(links.size()), out);
  JsonLiteral(", \"links\":[", out);
  prefix.End();
  if (links.size() == 1) {
    AppendOnlyLink(tracelb, tracelb.links(static_cast<int>(links[0])), context, out);
  } else {
    AppendLinks(tracelb, node, context, out);
  }
  JsonLiteral("]}", out);
}

// Whether scamper has a line for the record; also, whether the summaries are those of the record.
bool IsPrinted(const Tracelb& tracelb, bool quirks) {
  for (const TracelbNode& node : tracelb.nodes()) {
    const auto& links = node.summary().links();
    for (const uint32_t i : links) {
      if (i >= static_cast<uint32_t>(tracelb.links_size())) return false;
    }
    if (quirks && links.size() == 1 &&
        tracelb.links(static_cast<int>(links[0])).probesets_size() == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool AppendTracelbJson(const Tracelb& tracelb, const JsonContext& context, std::string* out) {
  if (!IsPrinted(tracelb, context.scamper_quirks)) return false;
  AppendHeader(tracelb, context, out);
  bool any = false;
  for (const TracelbNode& node : tracelb.nodes()) {
    if (node.summary().links_size() == 0) continue;
    JsonLiteral(any ? "," : ", \"nodes\":[", out);
    any = true;
    AppendNode(tracelb, node, context, out);
  }
  JsonLiteral(any ? "]}\n" : "}\n", out);
  return true;
}

}  // namespace scamper::records
