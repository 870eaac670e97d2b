// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_url.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "server/records/command_text.h"

namespace scamper::records {
namespace {

bool IsHostCharacter(char c) { return absl::ascii_isalnum(c) || c == '-' || c == '.'; }

std::optional<uint32_t> Port(absl::string_view digits) {
  uint32_t port = 0;
  const bool number = !digits.empty() && digits.size() <= 5 && digits.front() != '0' &&
                      std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
                      absl::SimpleAtoi(digits, &port);
  return number && port <= 65535 ? std::optional<uint32_t>(port) : std::nullopt;
}

}  // namespace

std::optional<Url> ParseUrl(absl::string_view text) {
  if (!IsPrintable(text)) return std::nullopt;
  Url url;
  url.https = absl::ConsumePrefix(&text, "https://");
  if (!url.https && !absl::ConsumePrefix(&text, "http://")) return std::nullopt;
  absl::string_view authority = text.substr(0, text.find('/'));
  const size_t colon = authority.find(':');
  if (colon != absl::string_view::npos) {
    url.port = Port(authority.substr(colon + 1));
    if (!url.port.has_value()) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.empty() || !std::all_of(authority.begin(), authority.end(), IsHostCharacter)) {
    return std::nullopt;
  }
  return url;
}

}  // namespace scamper::records
