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
  explicit Cursor(absl::string_view bytes, size_t offset = 0) : bytes_(bytes), offset_(offset) {}

  // Place of the next byte in the record.
  size_t offset() const { return offset_; }
  size_t left() const { return bytes_.size(); }
  absl::string_view rest() const { return bytes_; }

  bool U8(uint32_t* value) { return Integer<1>(value); }
  bool U16(uint32_t* value) { return Integer<2>(value); }
  bool U32(uint32_t* value) { return Integer<4>(value); }

  bool Bytes(size_t n, absl::string_view* out) {
    if (n > bytes_.size()) return false;
    *out = bytes_.substr(0, n);
    Skip(n);
    return true;
  }

  // Bytes up to a zero byte, which is consumed and not part of `out`.
  bool CString(absl::string_view* out) {
    const size_t end = bytes_.find('\0');
    if (end == absl::string_view::npos) return false;
    *out = bytes_.substr(0, end);
    Skip(end + 1);
    return true;
  }

  // A cursor over the next n bytes.
  bool Take(size_t n, Cursor* out) {
    if (n > bytes_.size()) return false;
    *out = Cursor(bytes_.substr(0, n), offset_);
    Skip(n);
    return true;
  }

 private:
  template <size_t kSize>
  bool Integer(uint32_t* value) {
    if (bytes_.size() < kSize) return false;
    uint32_t v = 0;
    for (size_t i = 0; i < kSize; ++i) v = v << 8 | static_cast<uint8_t>(bytes_[i]);
    *value = v;
    Skip(kSize);
    return true;
  }

  void Skip(size_t n) {
    bytes_.remove_prefix(n);
    offset_ += n;
  }

  absl::string_view bytes_;
  size_t offset_;
};

}  // namespace scamper::warts
