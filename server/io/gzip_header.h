// SPDX-License-Identifier: Apache-2.0
// The header of a gzip member (RFC 1952 section 2.3). ISA-L's own reader, in
// release 2.30, takes a right header checksum for a wrong one where the header
// comes in several pieces.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace scamper::io {

// Checks a header and skips its content, in pieces of any size.
class GzipHeader {
 public:
  // Takes from the front of `*in` what belongs to the header. True once that is
  // whole; false where it needs more. DATA_LOSS for a method other than deflate,
  // for reserved flags, and for a wrong checksum.
  absl::StatusOr<bool> Take(absl::string_view* in);

 private:
  enum class Field { kFixed, kExtraLength, kExtra, kName, kComment, kChecksum, kEnd };

  absl::Status TakeByte(uint8_t byte);
  absl::Status CheckFixed(size_t place, uint8_t byte);
  absl::Status TakeChecksum(uint8_t byte);
  void Begin(Field field);

  Field field_ = Field::kFixed;
  size_t position_ = 0;  // in the field
  uint8_t flags_ = 0;
  size_t extra_length_ = 0;
  uint32_t crc_ = 0;  // of all bytes before the checksum
};

}  // namespace scamper::io
