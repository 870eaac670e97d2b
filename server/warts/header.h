// SPDX-License-Identifier: Apache-2.0
// The 8 bytes in front of each record: magic, type, length of the body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "server/warts/cursor.h"
#include "server/warts/writer.h"

namespace scamper::warts {

inline constexpr uint32_t kMagic = 0x1205;
inline constexpr size_t kHeaderSize = 8;

struct Header {
  uint32_t type = 0;
  // Bytes behind the header.
  uint32_t length = 0;
};

// Nothing where there are fewer than 8 bytes or the magic is another one.
inline std::optional<Header> ReadHeader(absl::string_view bytes) {
  Cursor cursor(bytes);
  uint32_t magic = 0;
  Header header;
  if (!cursor.U16(&magic) || !cursor.U16(&header.type) || !cursor.U32(&header.length))
    return std::nullopt;
  if (magic != kMagic) return std::nullopt;
  return header;
}

inline void WriteHeader(const Header& header, Writer& writer) {
  writer.U16(kMagic);
  writer.U16(header.type);
  writer.U32(header.length);
}

}  // namespace scamper::warts
