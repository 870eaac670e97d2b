// SPDX-License-Identifier: Apache-2.0
#include "server/records/sniff/sniff_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

constexpr absl::string_view kStops[] = {"none", "error", "limit_time", "limit_pktc", "halted"};

void AppendPkt(const v1::SniffPkt& pkt, const JsonContext& context, std::string* out) {
  JsonLiteral("{\"rx\":", out);
  JsonTime(pkt.rx(), ", ", out);
  JsonU16(", \"len\":", pkt.has_data() ? pkt.data().size() : pkt.data_length(), out);
  JsonLiteral(", \"data\":\"", out);
  JsonFragment(context, 0, out).Hex(pkt.data());
  JsonLiteral("\"}", out);
}

}  // namespace

bool AppendSniffJson(const v1::Sniff& sniff, const JsonContext& context, std::string* out) {
  if (context.scamper_quirks) return false;
  JsonLiteral(R"({"type":"sniff", "version":"0.1")", out);
  JsonPlainString(", \"src\":\"", sniff.src(), out);
  JsonU32(", \"userid\":", sniff.userid(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(sniff.start(), ", ", out);
  JsonLiteral(", \"finish\":", out);
  JsonTime(sniff.finish(), ", ", out);
  JsonLiteral(", \"stop_reason\":\"", out);
  JsonName(kStops, static_cast<uint32_t>(sniff.stop_reason()), out);
  JsonLiteral("\"", out);
  if (sniff.has_errmsg()) JsonString(", \"errmsg\":\"", sniff.errmsg(), context, SIZE_MAX, out);
  JsonU32(", \"limit_pkt_count\":", sniff.limit_pkt_count(), out);
  JsonU16(", \"limit_time\":", static_cast<uint64_t>(sniff.limit_time().seconds()), out);
  JsonU16(", \"icmp_id\":", sniff.icmp_id(), out);
  JsonU32(", \"pkt_count\":", static_cast<uint32_t>(sniff.pkts_size()), out);
  JsonMonitor(context, out);
  JsonLiteral(", \"pkts\":[", out);
  JsonJoin join(", ", out);
  for (const v1::SniffPkt& pkt : sniff.pkts()) {
    join.Next();
    AppendPkt(pkt, context, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
