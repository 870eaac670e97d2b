// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/uuencode.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

char Character(uint32_t value) { return static_cast<char>(value == 0 ? '`' : value + 0x20); }

}  // namespace

std::string UuEncode(absl::string_view record) {
  constexpr size_t kLineBytes = 45;
  std::string out;
  for (size_t at = 0; at < record.size(); at += kLineBytes) {
    const absl::string_view line = record.substr(at, kLineBytes);
    out.push_back(Character(static_cast<uint32_t>(line.size())));
    for (size_t i = 0; i < line.size(); i += 3) {
      uint32_t group = 0;
      for (size_t j = i; j < i + 3; ++j) {
        group = group << 8 | (j < line.size() ? static_cast<uint8_t>(line[j]) : 0u);
      }
      for (int shift = 18; shift >= 0; shift -= 6) out.push_back(Character(group >> shift & 0x3f));
    }
    out.push_back('\n');
  }
  return out + "`\n";
}

std::string DataReply(absl::string_view record, absl::string_view suffix) {
  const std::string payload = UuEncode(record);
  return absl::StrCat("DATA ", payload.size(), suffix, "\n", payload);
}

}  // namespace scamper::control
