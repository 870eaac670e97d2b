// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_summary.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/utf8.h"
#include "server/records/http/http_message.h"

namespace scamper::records {
namespace {

using v1::Http;
using v1::HttpBuf;
using v1::HttpSummary;

constexpr uint32_t kSent = 0x80;
// Types of attributes.
constexpr uint32_t kEchConfigList = 1;
constexpr uint32_t kEchRetryConfig = 2;

// UTF-8 as it is, anything else as ISO 8859-1.
std::string ToText(const std::string& bytes) {
  if (base::IsUtf8(bytes)) return bytes;
  std::string text;
  for (const char c : bytes) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      text.push_back(c);
    } else {
      text.push_back(static_cast<char>(0xc0 | byte >> 6));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return text;
}

// Everything of one direction and type, one after the other.
std::string Joined(const Http& http, bool tx, v1::HttpBufType type) {
  std::string all;
  for (const HttpBuf& buf : http.bufs()) {
    if (buf.summary().tx() == tx && buf.summary().type() == type) all += buf.payload();
  }
  return all;
}

// Headers end at a zero byte, of which scamper puts one behind what it sent.
std::string Headers(const Http& http, bool tx) {
  const std::string all = Joined(http, tx, v1::HTTP_BUF_TYPE_HDR);
  return ToText(all.substr(0, all.find('\0')));
}

void SetUrl(const Http& http, HttpSummary* out) {
  if (!http.has_host() || !http.has_file()) return;
  if (out->type() != v1::HTTP_TYPE_HTTPS && out->type() != v1::HTTP_TYPE_HTTP) return;
  const bool tls = out->type() == v1::HTTP_TYPE_HTTPS;
  const bool usual = out->dport() == (tls ? 443 : 80);
  out->set_url(absl::StrCat(tls ? "https://" : "http://", http.host(),
                            usual ? "" : absl::StrCat(":", out->dport()), http.file()));
}

void SetResponse(const Http& http, HttpSummary* out) {
  out->set_response_hdr(Headers(http, false));
  ParseHttpHeaders(out->response_hdr(), out->mutable_response_headers());
  const auto status = HttpStatusCode(out->response_hdr());
  if (status) out->set_status_code(*status);
  std::string body = Joined(http, false, v1::HTTP_BUF_TYPE_DATA);
  if (body.empty()) return;
  if (IsHttpChunked(out->response_headers())) {
    std::optional<std::string> joined = JoinHttpChunks(body);
    if (!joined || joined->empty()) return;
    body = *std::move(joined);
  }
  out->set_response(std::move(body));
}

}  // namespace

void SummarizeHttp(Http* http) {
  http->clear_summary();
  HttpSummary* out = http->mutable_summary();
  for (HttpBuf& buf : *http->mutable_bufs()) {
    v1::HttpBufSummary* summary = buf.mutable_summary();
    summary->set_tx((buf.direction_and_type() & kSent) != 0);
    const uint32_t type = buf.direction_and_type() & ~kSent;
    summary->set_type(static_cast<v1::HttpBufType>(type + 1));
  }
  out->set_type(http->has_type() ? http->type() : v1::HTTP_TYPE_HTTPS);
  out->set_dport(http->has_dport() ? http->dport() : out->type() == v1::HTTP_TYPE_HTTP ? 80 : 443);
  SetUrl(*http, out);
  SetResponse(*http, out);
  out->set_transmit_hdr(Headers(*http, true));
  ParseHttpHeaders(out->transmit_hdr(), out->mutable_transmit_headers());
  for (const v1::HttpAttribute& attribute : http->attributes()) {
    if (attribute.type() == kEchConfigList) out->set_ech_config_list(attribute.body());
    if (attribute.type() == kEchRetryConfig) out->set_ech_retry_config(attribute.body());
  }
}

}  // namespace scamper::records
