// SPDX-License-Identifier: Apache-2.0
// Appending of big-endian items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace scamper::warts {

// Appends to a string of its own. Values are truncated to the item's width: the
// caller checks ranges.
class Writer {
 public:
  size_t size() const { return out_.size(); }
  std::string Take() && { return std::move(out_); }

  void U8(uint32_t value) { out_.push_back(static_cast<char>(value)); }
  void U16(uint32_t value) {
    const char bytes[] = {static_cast<char>(value >> 8), static_cast<char>(value)};
    out_.append(bytes, sizeof bytes);
  }
  void U32(uint32_t value) {
    const char bytes[] = {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                          static_cast<char>(value >> 8), static_cast<char>(value)};
    out_.append(bytes, sizeof bytes);
  }
  void Bytes(absl::string_view bytes) { out_.append(bytes.data(), bytes.size()); }

  // Overwrites what was appended before. REQUIRES: it lies inside.
  void PatchU16(size_t at, uint32_t value) {
    out_[at] = static_cast<char>(value >> 8);
    out_[at + 1] = static_cast<char>(value);
  }
  void PatchU32(size_t at, uint32_t value) {
    PatchU16(at, value >> 16);
    PatchU16(at + 2, value);
  }

 private:
  std::string out_;
};

}  // namespace scamper::warts
