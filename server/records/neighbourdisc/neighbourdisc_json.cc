// SPDX-License-Identifier: Apache-2.0
#include "server/records/neighbourdisc/neighbourdisc_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

using v1::Neighbourdisc;
using v1::NeighbourdiscProbe;
using v1::NeighbourdiscReply;

constexpr absl::string_view kMethods[] = {"", "arp", "nd-nsol"};

void AppendFlags(uint32_t flags, std::string* out) {
  if ((flags & 0xff) == 0) return;
  JsonLiteral(", \"flags\":[", out);
  JsonJoin names(",", out);
  if ((flags & v1::NEIGHBOURDISC_FLAG_ALLATTEMPTS) != 0) {
    names.Next();
    JsonLiteral("\"allattempts\"", out);
  }
  if ((flags & v1::NEIGHBOURDISC_FLAG_FIRSTRESPONSE) != 0) {
    names.Next();
    JsonLiteral("\"firstresponse\"", out);
  }
  out->push_back(']');
}

void AppendHeader(const Neighbourdisc& neighbourdisc, const JsonContext& context,
                  std::string* out) {
  JsonFragment header(context, 1023, out);
  JsonLiteral("{\"type\":\"neighbourdisc\", \"version\":\"0.1\", \"method\":\"", out);
  JsonName(kMethods, static_cast<uint32_t>(neighbourdisc.method()), out);
  out->push_back('"');
  if (neighbourdisc.has_src_ip()) JsonPlainString(", \"src_ip\":\"", neighbourdisc.src_ip(), out);
  if (neighbourdisc.has_src_mac())
    JsonPlainString(", \"src_mac\":\"", neighbourdisc.src_mac(), out);
  if (neighbourdisc.has_dst_ip()) JsonPlainString(", \"dst_ip\":\"", neighbourdisc.dst_ip(), out);
  if (neighbourdisc.has_dst_mac())
    JsonPlainString(", \"dst_mac\":\"", neighbourdisc.dst_mac(), out);
  if (neighbourdisc.has_ifname())
    JsonRawString(", \"ifname\":\"", neighbourdisc.ifname(), context, out);
  JsonU32(", \"userid\":", neighbourdisc.userid(), out);
  JsonU16(", \"attempts\":", neighbourdisc.attempts(), out);
  JsonU16(", \"stop_count\":", neighbourdisc.stop_count(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(neighbourdisc.start(), ", ", out);
  JsonLiteral(", \"wait_timeout\":", out);
  JsonTime(neighbourdisc.wait_timeout(), ", ", out);
  if (neighbourdisc.has_errmsg())
    JsonString(",\"errmsg\":\"", neighbourdisc.errmsg(), context, 511, out);
  AppendFlags(neighbourdisc.flags(), out);
  JsonMonitor(context, out);
  header.End();
}

void AppendProbe(const NeighbourdiscProbe& probe, std::string* out) {
  JsonLiteral("{\"tx\":", out);
  JsonTime(probe.tx(), ", ", out);
  JsonU16(", \"replyc\":", static_cast<uint64_t>(probe.replies_size()), out);
  JsonLiteral(", \"replies\":[", out);
  JsonJoin replies(",", out);
  for (const NeighbourdiscReply& reply : probe.replies()) {
    replies.Next();
    JsonLiteral("{\"rx\":", out);
    JsonTime(reply.rx(), ", ", out);
    if (reply.has_mac()) JsonPlainString(", \"mac\":\"", reply.mac(), out);
    out->push_back('}');
  }
  JsonLiteral("]}", out);
}

}  // namespace

bool AppendNeighbourdiscJson(const Neighbourdisc& neighbourdisc, const JsonContext& context,
                             std::string* out) {
  AppendHeader(neighbourdisc, context, out);
  JsonLiteral(", \"probes\":[", out);
  JsonJoin probes(",", out);
  for (const NeighbourdiscProbe& probe : neighbourdisc.probes()) {
    probes.Next();
    AppendProbe(probe, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
