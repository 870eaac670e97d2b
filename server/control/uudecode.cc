// SPDX-License-Identifier: Apache-2.0
#include "server/control/uudecode.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

constexpr size_t kLineBytes = 45;
// Length character, 60 characters, LF.
constexpr size_t kFullLine = 62;
constexpr size_t kEndLine = 2;
// A warts header is 8 bytes: length character, 12 characters, LF.
constexpr size_t kShortestLine = 14;
constexpr uint8_t kInvalid = 0x80;

constexpr std::array<uint8_t, 256> MakeValues() {
  std::array<uint8_t, 256> values{};
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = i > 0x20 && i <= 0x60 ? static_cast<uint8_t>((i - 0x20) & 0x3f) : kInvalid;
  }
  return values;
}
constexpr std::array<uint8_t, 256> kValues = MakeValues();

uint8_t Value(char c) { return kValues[static_cast<uint8_t>(c)]; }

absl::Status Malformed(uint64_t offset, absl::string_view expected, absl::string_view got) {
  return absl::DataLossError(absl::StrCat("byte ", offset, ": expected ", expected, ", got '",
                                          absl::CHexEscape(got), "'"));
}

// Decodes groups * 4 characters to groups * 3 bytes. False when a character is invalid.
bool DecodeGroups(const char* in, size_t groups, char* out) {
  uint8_t seen = 0;
  for (size_t g = 0; g < groups; ++g, in += 4, out += 3) {
    const uint8_t a = Value(in[0]), b = Value(in[1]), c = Value(in[2]), d = Value(in[3]);
    seen |= a | b | c | d;
    out[0] = static_cast<char>(a << 2 | b >> 4);
    out[1] = static_cast<char>(b << 4 | c >> 2);
    out[2] = static_cast<char>(c << 6 | d);
  }
  return (seen & kInvalid) == 0;
}

absl::Status InvalidCharacter(absl::string_view line, uint64_t offset) {
  size_t i = 1;
  while (Value(line[i]) != kInvalid) ++i;
  return Malformed(offset + i, "a uuencode character (0x21 to 0x60)", line.substr(i, 1));
}

// The bytes that a line's length character says, checked against the line's length in characters.
absl::StatusOr<size_t> BytesOfLine(absl::string_view line, bool last, uint64_t offset) {
  const size_t groups = (line.size() - 2) / 4;
  const uint8_t bytes = Value(line[0]);
  const bool fits =
      bytes != kInvalid && (bytes + 2u) / 3 == groups && (last || bytes == kLineBytes);
  if (!fits) {
    return Malformed(offset,
                     absl::StrCat("the length character of a line of ", groups * 4, " characters"),
                     line.substr(0, 1));
  }
  if (line.back() != '\n') {
    return Malformed(offset + line.size() - 1, "LF", line.substr(line.size() - 1));
  }
  return bytes;
}

}  // namespace

bool IsPossibleUuLength(uint64_t length) {
  if (length < kShortestLine + kEndLine) return false;
  const uint64_t rest = (length - kEndLine) % kFullLine;
  return rest == 0 || (rest >= 6 && (rest - 2) % 4 == 0);
}

absl::StatusOr<std::string> UuDecode(absl::string_view text, uint64_t offset) {
  if (!IsPossibleUuLength(text.size())) {
    return absl::DataLossError(
        absl::StrCat("byte ", offset, ": ", text.size(), " is no length of a uuencoded record"));
  }
  const size_t body = text.size() - kEndLine;
  const size_t lines = (body + kFullLine - 1) / kFullLine;
  std::string out(lines * kLineBytes, '\0');
  size_t size = 0;
  for (size_t at = 0; at < body;) {
    const absl::string_view line = text.substr(at, std::min(kFullLine, body - at));
    const auto bytes = BytesOfLine(line, at + line.size() == body, offset + at);
    if (!bytes.ok()) return bytes.status();
    const size_t groups = (line.size() - 2) / 4;
    if (!DecodeGroups(line.data() + 1, groups, out.data() + size)) {
      return InvalidCharacter(line, offset + at);
    }
    for (size_t i = *bytes; i < groups * 3; ++i) {
      if (out[size + i] == '\0') continue;
      return Malformed(offset + at + line.size() - 5, "a last group padded with zero bits",
                       line.substr(line.size() - 5, 4));
    }
    size += *bytes;
    at += line.size();
  }
  if (text.substr(body) != "`\n") {
    return Malformed(offset + body, "the closing line of one back-quote", text.substr(body));
  }
  out.resize(size);
  return out;
}

}  // namespace scamper::control
