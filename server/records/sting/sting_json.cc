// SPDX-License-Identifier: Apache-2.0
#include "server/records/sting/sting_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

using v1::Sting;
using v1::StingPacket;

constexpr absl::string_view kDistributions[] = {"", "exponential", "periodic", "uniform"};
constexpr absl::string_view kResults[] = {"none", "completed", "error"};

void AppendHeader(const Sting& sting, const JsonContext& context, std::string* out) {
  JsonU32("{\"type\":\"sting\", \"version\":\"0.1\", \"userid\":", sting.userid(), out);
  JsonPlainString(", \"src\":\"", sting.src(), out);
  JsonPlainString(", \"dst\":\"", sting.dst(), out);
  JsonU16(", \"sport\":", sting.sport(), out);
  JsonU16(", \"dport\":", sting.dport(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(sting.start(), ", ", out);
  JsonU16(", \"count\":", sting.count(), out);
  JsonLiteral(", \"mean\":", out);
  JsonTime(sting.mean(), ", ", out);
  JsonLiteral(", \"inter\":", out);
  JsonTime(sting.inter(), ", ", out);
  JsonLiteral(", \"dist\":\"", out);
  JsonName(kDistributions, static_cast<uint32_t>(sting.dist()), out);
  JsonU8("\", \"synretx\":", sting.synretx(), out);
  JsonU8(", \"dataretx\":", sting.dataretx(), out);
  JsonU8(", \"seqskip\":", sting.seqskip(), out);
  JsonLiteral(", \"hsrtt\":", out);
  JsonMillis(sting.hsrtt(), out);
  JsonU16(", \"dataackc\":", sting.dataackc(), out);
  JsonU16(", \"holec\":", sting.holec(), out);
  JsonLiteral(", \"result\":\"", out);
  JsonName(kResults, static_cast<uint32_t>(sting.result()), out);
  out->push_back('"');
  if (sting.has_errmsg()) JsonString(",\"errmsg\":\"", sting.errmsg(), context, 511, out);
  JsonMonitor(context, out);
}

void AppendPacket(const StingPacket& packet, std::string* out) {
  constexpr struct {
    uint32_t bit;
    absl::string_view name;
  } kFlags[] = {{v1::STING_PACKET_FLAG_TX, "\"tx\""},
                {v1::STING_PACKET_FLAG_RX, "\"rx\""},
                {v1::STING_PACKET_FLAG_DATA, "\"data\""},
                {v1::STING_PACKET_FLAG_HOLE, "\"hole\""}};
  JsonLiteral("{\"flags\":[", out);
  JsonJoin flags(",", out);
  for (const auto& flag : kFlags) {
    if ((packet.flags() & flag.bit) == 0) continue;
    flags.Next();
    JsonLiteral(flag.name, out);
  }
  JsonLiteral("], \"time\":", out);
  JsonTime(packet.time(), ", ", out);
  JsonU16(", \"len\":", packet.data().size(), out);
  out->push_back('}');
}

}  // namespace

bool AppendStingJson(const Sting& sting, const JsonContext& context, std::string* out) {
  if (context.scamper_quirks) return false;
  AppendHeader(sting, context, out);
  JsonLiteral(", \"holes\":[", out);
  JsonJoin holes(",", out);
  for (const uint32_t number : sting.summary().holes()) {
    holes.Next();
    JsonU32(number, out);
  }
  JsonLiteral("], \"pkts\":[", out);
  JsonJoin packets(", ", out);
  for (const StingPacket& packet : sting.packets()) {
    packets.Next();
    AppendPacket(packet, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
