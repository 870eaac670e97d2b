// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_message.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace scamper::records {
namespace {

constexpr size_t kMaxStatusLine = 127;
// A size of more digits is that of no chunk that a record can hold.
constexpr size_t kMaxSizeDigits = 8;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

absl::string_view TrimBlanks(absl::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// The size line at the start, which is removed. Nothing: malformed. `whole` is false where the
// line has no end.
std::optional<size_t> TakeChunkSize(absl::string_view* body, bool* whole) {
  const size_t end = body->find('\n');
  *whole = end != absl::string_view::npos;
  if (!*whole) return 0;
  absl::string_view digits = body->substr(0, end);
  body->remove_prefix(end + 1);
  if (!digits.empty() && digits.back() == '\r') digits.remove_suffix(1);
  if (digits.empty()) return std::nullopt;
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  if (digits.size() > kMaxSizeDigits) return std::nullopt;
  size_t size = 0;
  for (const char c : digits) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    size = size * 16 + static_cast<size_t>(lower <= '9' ? lower - '0' : lower - 'a' + 10);
  }
  return size;
}

}  // namespace

std::optional<uint32_t> HttpStatusCode(absl::string_view hdr) {
  const size_t end = hdr.substr(0, kMaxStatusLine + 1).find('\r');
  if (end == absl::string_view::npos) return std::nullopt;
  const absl::string_view line = hdr.substr(0, end);
  if (line.find('\n') != absl::string_view::npos) return std::nullopt;
  const auto digit = [&](size_t i) {
    return i < line.size() && absl::ascii_isdigit(static_cast<unsigned char>(line[i]));
  };
  if (!absl::StartsWith(line, "HTTP/") || !digit(5) || !digit(7) || line[6] != '.')
    return std::nullopt;
  size_t at = 8;
  while (at < line.size() && IsBlank(line[at])) ++at;
  if (at == 8 || !digit(at) || !digit(at + 1) || !digit(at + 2)) return std::nullopt;
  if (at + 3 < line.size() && !IsBlank(line[at + 3])) return std::nullopt;
  return static_cast<uint32_t>((line[at] - '0') * 100 + (line[at + 1] - '0') * 10 +
                               (line[at + 2] - '0'));
}

void ParseHttpHeaders(absl::string_view hdr,
                      google::protobuf::RepeatedPtrField<v1::HttpHeader>* out) {
  size_t newline = hdr.find('\n');
  while (newline != absl::string_view::npos) {
    hdr.remove_prefix(newline + 1);
    newline = hdr.find('\n');
    absl::string_view line = hdr.substr(0, newline);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos || colon == 0) continue;
    const absl::string_view value = TrimBlanks(line.substr(colon + 1));
    if (value.empty()) continue;
    v1::HttpHeader* header = out->Add();
    header->set_name(line.data(), colon);
    header->set_value(value.data(), value.size());
  }
}

bool IsHttpChunked(const google::protobuf::RepeatedPtrField<v1::HttpHeader>& headers) {
  for (const v1::HttpHeader& header : headers) {
    if (absl::EqualsIgnoreCase(header.name(), "transfer-encoding"))
      return absl::EqualsIgnoreCase(header.value(), "chunked");
  }
  return false;
}

std::optional<std::string> JoinHttpChunks(absl::string_view body) {
  std::string joined;
  while (!body.empty()) {
    bool whole = false;
    const std::optional<size_t> size = TakeChunkSize(&body, &whole);
    if (!size) return std::nullopt;
    if (!whole || *size == 0) break;
    const absl::string_view data = body.substr(0, std::min(*size, body.size()));
    joined.append(data.data(), data.size());
    body.remove_prefix(data.size());
    // CR LF, or what is left of it.
    const absl::string_view end = body.substr(0, 2);
    if (!absl::StartsWith("\r\n", end)) return std::nullopt;
    body.remove_prefix(end.size());
  }
  return joined;
}

}  // namespace scamper::records
