// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_json.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "server/records/json_text.h"
#include "server/records/tbit/tbit_names.h"
#include "server/records/tbit/tbit_packet_json.h"

namespace scamper::records {
namespace {

using v1::Tbit;

constexpr absl::string_view kTypes[] = {"",          "pmtud",     "ecn",      "null",
                                        "sack-rcvr", "icw",       "abc",      "blind-data",
                                        "blind-rst", "blind-syn", "blind-fin"};
constexpr absl::string_view kOptions[] = {"tcpts", "sack"};
constexpr absl::string_view kPmtudOptions[] = {"blackhole"};
constexpr absl::string_view kNullOptions[] = {"tcpts", "ipts-syn", "iprr-syn", "ipqs-syn",
                                              "sack",  "fo",       "fo-exp"};
constexpr absl::string_view kNullResults[] = {"tcpts-ok", "sack-ok", "fo-ok"};

template <size_t kSize>
void AppendBits(absl::string_view prefix, uint32_t bits, const absl::string_view (&names)[kSize],
                std::string* out) {
  JsonLiteral(prefix, out);
  AppendTbitBits(bits, names, kSize, out);
  out->push_back(']');
}

void AppendTest(const Tbit& tbit, std::string* out) {
  if (tbit.has_pmtud()) {
    JsonU16(", \"mtu\":", tbit.pmtud().mtu(), out);
    JsonU8(", \"ptb_retx\":", tbit.pmtud().ptb_retx(), out);
    if (tbit.pmtud().has_ptbsrc()) JsonPlainString(", \"ptbsrc\":\"", tbit.pmtud().ptbsrc(), out);
    AppendBits(", \"pmtud_options\":[", tbit.pmtud().options() & 0xff, kPmtudOptions, out);
  }
  if (tbit.has_null_test()) {
    AppendBits(", \"null_options\":[", tbit.null_test().options() & 0xffff, kNullOptions, out);
    AppendBits(", \"null_results\":[", tbit.null_test().results() & 0xffff, kNullResults, out);
  }
  if (tbit.summary().has_icw_bytes()) JsonU32(", \"icw_bytes\":", tbit.summary().icw_bytes(), out);
  if (tbit.has_blind()) {
    absl::StrAppend(out, ", \"blind_off\":", tbit.blind().off());
    JsonU8(", \"blind_retx\":", tbit.blind().retx(), out);
  }
}

void AppendApp(const Tbit& tbit, const JsonContext& context, std::string* out) {
  if (tbit.has_http()) {
    const v1::TbitHttp& http = tbit.http();
    JsonLiteral(", \"app\":\"http\"", out);
    if (http.has_host()) {
      const bool https = http.type() == v1::TBIT_HTTP_TYPE_HTTPS;
      JsonLiteral(https ? ", \"http_url\":\"https://" : ", \"http_url\":\"http://", out);
      JsonRaw(http.host(), context.scamper_quirks, out);
      JsonRawString("", http.file(), context, out);
    }
  }
  if (tbit.has_bgp()) JsonU32(", \"app\":\"bgp\", \"bgp_asn\":", tbit.bgp().asn(), out);
}

void AppendHeader(const Tbit& tbit, const JsonContext& context, std::string* out) {
  JsonFragment header(context, 2047, out);
  JsonLiteral("{\"type\":\"tbit\", \"tbit_type\":\"", out);
  JsonName(kTypes, static_cast<uint32_t>(tbit.type()), out);
  JsonU32("\", \"userid\":", tbit.userid(), out);
  JsonPlainString(", \"src\":\"", tbit.src(), out);
  JsonPlainString(", \"dst\":\"", tbit.dst(), out);
  JsonU16(", \"sport\":", tbit.sport(), out);
  JsonU16(", \"dport\":", tbit.dport(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(tbit.start(), ",", out);
  JsonU16(", \"client_mss\":", tbit.client_mss(), out);
  JsonU16(", \"server_mss\":", tbit.server_mss(), out);
  JsonU8(", \"ttl\":", tbit.has_ttl() ? tbit.ttl() : 255, out);
  JsonPlainString(", \"result\":\"", TbitResultName(tbit.result()), out);
  if (tbit.options() != 0) AppendBits(", \"options\":[", tbit.options() & 0xffff, kOptions, out);
  if (tbit.has_errmsg()) JsonString(",\"errmsg\":\"", tbit.errmsg(), context, 511, out);
  if (tbit.wscale() > 0) JsonU8(", \"wscale\":", tbit.wscale(), out);
  if (!tbit.fo_cookie().empty()) {
    JsonLiteral(", \"fo_cookie\":\"", out);
    header.Hex(tbit.fo_cookie());
    out->push_back('"');
  }
  const v1::TbitSummary& summary = tbit.summary();
  if (summary.has_client_isn()) JsonU32(", \"client_isn\":", summary.client_isn(), out);
  if (summary.has_server_isn()) JsonU32(", \"server_isn\":", summary.server_isn(), out);
  AppendTest(tbit, out);
  AppendApp(tbit, context, out);
  JsonMonitor(context, out);
  header.End();
}

}  // namespace

bool AppendTbitJson(const Tbit& tbit, const JsonContext& context, std::string* out) {
  AppendHeader(tbit, context, out);
  JsonLiteral(", \"pkts\":[", out);
  JsonJoin packets(", ", out);
  TbitSequence sequence;
  for (const v1::TbitPacket& packet : tbit.packets()) {
    packets.Next();
    AppendTbitPacketJson(tbit, packet, context, &sequence, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
