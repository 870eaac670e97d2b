// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_hop_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

using v1::TraceHop;

constexpr size_t kHopCapacity = 1023;
constexpr size_t kNameCapacity = 127;

void AppendFlags(uint32_t flags, JsonPiece* out) {
  constexpr struct {
    uint32_t bit;
    absl::string_view name;
  } kNames[] = {{v1::TRACE_HOP_FLAG_TS_DL_TX, "\"dltxts\""},
                {v1::TRACE_HOP_FLAG_TS_DL_RX, "\"dlrxts\""},
                {v1::TRACE_HOP_FLAG_TS_SOCK_RX, "\"sockrxts\""}};
  constexpr uint32_t kShown =
      v1::TRACE_HOP_FLAG_TS_DL_TX | v1::TRACE_HOP_FLAG_TS_DL_RX | v1::TRACE_HOP_FLAG_TS_SOCK_RX;
  if ((flags & kShown) == 0) return;
  out->Literal(",\"flags\":[");
  bool first = true;
  for (const auto& name : kNames) {
    if ((flags & name.bit) == 0) continue;
    if (!first) out->Literal(",");
    first = false;
    out->Text(name.name);
  }
  out->Literal("]");
}

void AppendIcmp(const TraceHop& hop, bool rxerr, const JsonContext& context, JsonPiece* out) {
  out->U8(",\"icmp_type\":", hop.icmp().type());
  out->U8(",\"icmp_code\":", hop.icmp().code());
  const v1::TraceHopSummary& summary = hop.summary();
  if (summary.has_icmp_q_ttl() && !rxerr) {
    out->U8(",\"icmp_q_ttl\":", summary.icmp_q_ttl());
    out->U16(",\"icmp_q_ipl\":", summary.icmp_q_ipl());
    out->U8(",\"icmp_q_tos\":", hop.icmp_q_tos());
  }
  if (summary.kind() == v1::REPLY_KIND_ICMP_PACKET_TOO_BIG) {
    // The tool has a colon in the key.
    out->Literal(",\"icmp_nhmtu");
    if (context.scamper_quirks) out->Literal(":");
    out->U16("\":", hop.icmp_nhmtu());
  }
}

void AppendLabels(absl::string_view data, std::string* out) {
  JsonLiteral(",\"mpls_labels\":[", out);
  JsonJoin join(",", out);
  for (; data.size() >= 4; data.remove_prefix(4)) {
    uint32_t entry = 0;
    for (size_t i = 0; i < 4; ++i) entry = entry << 8 | static_cast<uint8_t>(data[i]);
    join.Next();
    JsonU8("{\"mpls_ttl\":", entry, out);
    JsonU8(",\"mpls_s\":", entry >> 8 & 1, out);
    JsonU8(",\"mpls_exp\":", entry >> 9 & 7, out);
    JsonU32(",\"mpls_label\":", entry >> 12, out);
    out->push_back('}');
  }
  out->push_back(']');
}

void AppendExtensions(const TraceHop& hop, std::string* out) {
  JsonLiteral(",\"icmpext\":[", out);
  JsonJoin join(",", out);
  for (const v1::IcmpExtension& extension : hop.icmp_exts()) {
    join.Next();
    JsonU8("{\"ie_cn\":", extension.class_number(), out);
    JsonU8(",\"ie_ct\":", extension.class_type(), out);
    JsonU16(",\"ie_dl\":", extension.data().size(), out);
    if (extension.class_number() == 1 && extension.class_type() == 1)
      AppendLabels(extension.data(), out);
    out->push_back('}');
  }
  out->push_back(']');
}

}  // namespace

bool OfOneProbe(const TraceHop& a, const TraceHop& b) {
  return a.probe_ttl() == b.probe_ttl() && a.probe_id() == b.probe_id() &&
         a.has_probe_id() == b.has_probe_id() && a.probe_size() == b.probe_size();
}

void AppendHopJson(const TraceHop& hop, const TraceHop& probe, bool rxerr,
                   const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, kHopCapacity, out);
  JsonPiece piece(out);
  piece.PlainString("{\"addr\":\"", hop.src());
  if (hop.has_name()) {
    piece.Flush();
    JsonString(",\"name\":\"", hop.name(), context, kNameCapacity, out);
  }
  piece.U8(",\"probe_ttl\":", hop.probe_ttl());
  piece.U8(",\"probe_id\":", hop.summary().attempt());
  piece.U16(",\"probe_size\":", hop.probe_size());
  if (probe.tx().seconds() != 0) {
    piece.U32(",\"tx\":{\"sec\":", static_cast<uint64_t>(probe.tx().seconds()));
    piece.U32(",\"usec\":", static_cast<uint32_t>(probe.tx().nanos() / 1000));
    piece.Literal("}");
  }
  piece.Millis(",\"rtt\":", hop.rtt());
  piece.U8(",\"reply_ttl\":", hop.reply_ttl());
  piece.U8(",\"reply_tos\":", hop.reply_tos());
  AppendFlags(hop.flags(), &piece);
  if (!rxerr) {
    piece.U16(",\"reply_ipid\":", hop.reply_ipid());
    piece.U16(",\"reply_size\":", hop.reply_size());
  }
  if ((hop.flags() & v1::TRACE_HOP_FLAG_TCP) != 0) {
    piece.U8(",\"tcp_flags\":", hop.tcp_flags());
  } else if ((hop.flags() & v1::TRACE_HOP_FLAG_UDP) == 0) {
    AppendIcmp(hop, rxerr, context, &piece);
  }
  if (hop.icmp_exts_size() > 0) {
    piece.Flush();
    AppendExtensions(hop, out);
  }
  piece.Literal("}");
  piece.Flush();
  fragment.End();
}

}  // namespace scamper::records
