// SPDX-License-Identifier: Apache-2.0
// Appending of big-endian items.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace scamper::warts {

// Appends to bytes of its own. Values are truncated to the item's width: the
// caller checks ranges.
class Writer {
 public:
  size_t size() const { return size_; }
  // What was appended; valid until more is.
  absl::string_view bytes() const { return absl::string_view(room_).substr(0, size_); }
  std::string Take() && {
    room_.resize(size_);
    return std::move(room_);
  }
  // Leaves the first `size` bytes, and the room of the others for what comes. REQUIRES: there are
  // as many.
  void Truncate(size_t size) { size_ = size; }

  void U8(uint32_t value) { Put<1>(value, Append(1)); }
  void U16(uint32_t value) { Put<2>(value, Append(2)); }
  void U32(uint32_t value) { Put<4>(value, Append(4)); }
  void Bytes(absl::string_view bytes) {
    if (!bytes.empty()) std::memcpy(Append(bytes.size()), bytes.data(), bytes.size());
  }

  // Overwrites what was appended before. REQUIRES: it lies inside.
  void PatchU16(size_t at, uint32_t value) { Put<2>(value, &room_[at]); }
  void PatchU32(size_t at, uint32_t value) { Put<4>(value, &room_[at]); }

 private:
  template <size_t kSize>
  static void Put(uint32_t value, char* out) {
    for (size_t i = 0; i < kSize; ++i) out[i] = static_cast<char>(value >> (kSize - 1 - i) * 8);
  }

  // A place for n more bytes.
  char* Append(size_t n) {
    if (room_.size() - size_ < n) [[unlikely]]
      Grow(n);
    char* place = room_.data() + size_;
    size_ += n;
    return place;
  }

  [[gnu::noinline]] void Grow(size_t n) { room_.resize(std::max(2 * room_.size(), size_ + n)); }

  std::string room_;
  // Bytes of it that are in use.
  size_t size_ = 0;
};

}  // namespace scamper::warts
