// SPDX-License-Identifier: Apache-2.0
#include "server/base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace scamper::base {
namespace {

// Length of the sequence that starts with `lead`, 0 where it starts none, and
// the range of its second byte.
struct Sequence {
  size_t length;
  uint8_t low;
  uint8_t high;
};

Sequence SequenceOf(uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xc2) return {0, 0, 0};
  if (lead < 0xe0) return {2, 0x80, 0xbf};
  if (lead < 0xf0) {
    return {3, static_cast<uint8_t>(lead == 0xe0 ? 0xa0 : 0x80),
            static_cast<uint8_t>(lead == 0xed ? 0x9f : 0xbf)};
  }
  if (lead < 0xf5) {
    return {4, static_cast<uint8_t>(lead == 0xf0 ? 0x90 : 0x80),
            static_cast<uint8_t>(lead == 0xf4 ? 0x8f : 0xbf)};
  }
  return {0, 0, 0};
}

}  // namespace

bool IsUtf8(absl::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const Sequence sequence = SequenceOf(static_cast<uint8_t>(bytes[i]));
    if (sequence.length == 0 || sequence.length > bytes.size() - i) return false;
    for (size_t j = 1; j < sequence.length; ++j) {
      const uint8_t byte = static_cast<uint8_t>(bytes[i + j]);
      const uint8_t low = j == 1 ? sequence.low : 0x80;
      const uint8_t high = j == 1 ? sequence.high : 0xbf;
      if (byte < low || byte > high) return false;
    }
    i += sequence.length;
  }
  return true;
}

}  // namespace scamper::base
