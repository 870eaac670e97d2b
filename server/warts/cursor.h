// SPDX-License-Identifier: Apache-2.0
// Bounded reading of big-endian items.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace scamper::warts {

// Reads forward in bytes that it does not own. Each method returns false, and
// moves nowhere, where the bytes left do not hold the item. Cheap to copy.
class Cursor {
 public:
  // `offset` is the place of the first byte in the record.
  explicit Cursor(absl::string_view bytes, size_t offset = 0)
      : at_(bytes.data()), end_(at_ + bytes.size()), end_offset_(offset + bytes.size()) {}

  // Place of the next byte in the record.
  size_t offset() const { return end_offset_ - left(); }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  absl::string_view rest() const { return absl::string_view(at_, left()); }

  bool U8(uint32_t* value) { return Integer<1>(value); }
  bool U16(uint32_t* value) { return Integer<2>(value); }
  bool U32(uint32_t* value) { return Integer<4>(value); }

  bool Bytes(size_t n, absl::string_view* out) {
    if (n > left()) return false;
    *out = absl::string_view(at_, n);
    at_ += n;
    return true;
  }

  // Bytes up to a zero byte, which is consumed and not part of `out`.
  bool CString(absl::string_view* out) {
    const size_t size = rest().find('\0');
    if (size == absl::string_view::npos) return false;
    *out = absl::string_view(at_, size);
    at_ += size + 1;
    return true;
  }

  // A cursor over the next n bytes.
  bool Take(size_t n, Cursor* out) {
    if (n > left()) return false;
    *out = Cursor(absl::string_view(at_, n), offset());
    at_ += n;
    return true;
  }

 private:
  template <size_t kSize>
  bool Integer(uint32_t* value) {
    if (left() < kSize) return false;
    uint32_t v = 0;
    for (size_t i = 0; i < kSize; ++i) v = v << 8 | static_cast<uint8_t>(at_[i]);
    *value = v;
    at_ += kSize;
    return true;
  }

  const char* at_;
  const char* end_;
  // Of end_: that of the next byte follows, so that moving on is one addition.
  size_t end_offset_;
};

}  // namespace scamper::warts
