// SPDX-License-Identifier: Apache-2.0
#include "server/base/hex.h"

#include <cstddef>
#include <cstdint>

namespace scamper::base {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void AppendByte(char byte, std::string* out) {
  const uint8_t value = static_cast<uint8_t>(byte);
  out->push_back(kHexDigits[value >> 4]);
  out->push_back(kHexDigits[value & 0xf]);
}

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads the two digits at `text[i]`; -1 where they are none.
int ByteAt(absl::string_view text, size_t i) {
  if (i + 2 > text.size()) return -1;
  const int high = DigitValue(text[i]);
  const int low = DigitValue(text[i + 1]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

}  // namespace

std::string HexEncode(absl::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) AppendByte(byte, &out);
  return out;
}

std::optional<std::string> HexDecode(absl::string_view text) {
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int value = ByteAt(text, i);
    if (value < 0) return std::nullopt;
    out.push_back(static_cast<char>(value));
  }
  return out;
}

void AppendHexBytes(absl::string_view bytes, char separator, std::string* out) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out->push_back(separator);
    AppendByte(bytes[i], out);
  }
}

std::optional<std::string> ParseHexBytes(absl::string_view text, char separator) {
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    const int value = ByteAt(text, i);
    if (value < 0) return std::nullopt;
    if (i + 2 < text.size() && (text[i + 2] != separator || i + 3 == text.size()))
      return std::nullopt;
    out.push_back(static_cast<char>(value));
  }
  return out;
}

}  // namespace scamper::base
