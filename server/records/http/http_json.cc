// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

using v1::Http;
using v1::HttpBuf;

constexpr absl::string_view kTypes[] = {"https", "http"};
constexpr absl::string_view kBufTypes[] = {"data", "hdr", "tls"};
constexpr absl::string_view kStops[] = {"none",  "halted",  "noconn",  "done",
                                        "error", "timeout", "insecure"};
constexpr absl::string_view kEchStatus[] = {"none",
                                            "unknown",
                                            "failed",
                                            "success",
                                            "grease",
                                            "grease_ech",
                                            "backend",
                                            "bad_call",
                                            "not_tried",
                                            "bad_name",
                                            "not_configured",
                                            "failed_ech",
                                            "failed_ech_bad_name"};

void AppendName(absl::string_view prefix, const std::string& text, const JsonContext& context,
                std::string* out) {
  JsonString(prefix, text, context, SIZE_MAX, out);
}

void AppendHex(absl::string_view prefix, const std::string& bytes, const JsonContext& context,
               std::string* out) {
  JsonLiteral(prefix, out);
  JsonFragment(context, 0, out).Hex(bytes);
  JsonLiteral("\"", out);
}

// What was asked for.
void AppendRequest(const Http& http, const JsonContext& context, std::string* out) {
  JsonLiteral(", \"scheme\":\"", out);
  JsonName(kTypes, static_cast<uint32_t>(http.summary().type() - 1), out);
  JsonLiteral("\"", out);
  if (http.has_host()) AppendName(", \"host\":\"", http.host(), context, out);
  if (http.has_file()) AppendName(", \"file\":\"", http.file(), context, out);
  if (http.summary().has_url()) AppendName(", \"url\":\"", http.summary().url(), context, out);
  if (http.headers().lines_size() > 0) {
    JsonLiteral(", \"headers\":[", out);
    JsonJoin join(", ", out);
    for (const std::string& line : http.headers().lines()) {
      join.Next();
      AppendName("\"", line, context, out);
    }
    JsonLiteral("]", out);
  }
  if ((http.flags() & (v1::HTTP_FLAG_INSECURE | v1::HTTP_FLAG_GREASE)) != 0) {
    JsonLiteral(", \"flags\":[", out);
    JsonJoin join(", ", out);
    for (const auto& [bit, name] : {std::pair(v1::HTTP_FLAG_INSECURE, "\"insecure\""),
                                    std::pair(v1::HTTP_FLAG_GREASE, "\"grease\"")}) {
      if ((http.flags() & static_cast<uint32_t>(bit)) == 0) continue;
      join.Next();
      JsonLiteral(name, out);
    }
    JsonLiteral("]", out);
  }
  if (http.has_max_time()) {
    JsonLiteral(", \"max_time\":", out);
    JsonTime(http.max_time(), ", ", out);
  }
}

// What came of it.
void AppendOutcome(const Http& http, const JsonContext& context, std::string* out) {
  JsonLiteral(", \"stop_reason\":\"", out);
  JsonName(kStops, static_cast<uint32_t>(http.stop_reason()), out);
  JsonLiteral("\"", out);
  if (http.has_errmsg()) AppendName(", \"errmsg\":\"", http.errmsg(), context, out);
  JsonLiteral(", \"hsrtt\":", out);
  JsonTime(http.handshake_rtt(), ", ", out);
  if (http.has_ech_status()) {
    JsonLiteral(", \"ech_status\":\"", out);
    JsonName(kEchStatus, static_cast<uint32_t>(http.ech_status()), out);
    JsonLiteral("\"", out);
  }
  if (http.has_ech_outer_sni())
    AppendName(", \"ech_outer_sni\":\"", http.ech_outer_sni(), context, out);
  const v1::HttpSummary& summary = http.summary();
  if (summary.has_ech_config_list())
    AppendHex(", \"ech_config_list\":\"", summary.ech_config_list(), context, out);
  if (summary.has_ech_retry_config())
    AppendHex(", \"ech_retry_config\":\"", summary.ech_retry_config(), context, out);
  if (summary.has_status_code()) JsonU32(", \"status_code\":", summary.status_code(), out);
  JsonU32(", \"buf_count\":", static_cast<uint32_t>(http.bufs_size()), out);
}

void AppendBuf(const HttpBuf& buf, const JsonContext& context, std::string* out) {
  JsonLiteral(buf.summary().tx() ? "{\"dir\":\"tx\"" : "{\"dir\":\"rx\"", out);
  JsonLiteral(", \"type\":\"", out);
  JsonName(kBufTypes, static_cast<uint32_t>(buf.summary().type() - 1), out);
  JsonLiteral("\", \"time\":", out);
  JsonTime(buf.timestamp(), ", ", out);
  JsonU16(", \"len\":", buf.has_payload() ? buf.payload().size() : buf.payload_length(), out);
  if (!buf.payload().empty()) AppendHex(", \"data\":\"", buf.payload(), context, out);
  JsonLiteral("}", out);
}

}  // namespace

bool AppendHttpJson(const Http& http, const JsonContext& context, std::string* out) {
  if (context.scamper_quirks) return false;
  JsonLiteral(R"({"type":"http", "version":"0.1")", out);
  if (http.has_src()) JsonPlainString(", \"src\":\"", http.src(), out);
  if (http.has_dst()) JsonPlainString(", \"dst\":\"", http.dst(), out);
  JsonU32(", \"userid\":", http.userid(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(http.start(), ", ", out);
  JsonU16(", \"sport\":", http.sport(), out);
  JsonU16(", \"dport\":", http.summary().dport(), out);
  AppendRequest(http, context, out);
  AppendOutcome(http, context, out);
  JsonMonitor(context, out);
  JsonLiteral(", \"bufs\":[", out);
  JsonJoin join(", ", out);
  for (const HttpBuf& buf : http.bufs()) {
    join.Next();
    AppendBuf(buf, context, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
