// SPDX-License-Identifier: Apache-2.0
#include "server/io/gzip_header.h"

#include <zlib.h>

namespace scamper::io {
namespace {

constexpr uint8_t kChecksumFlag = 0x02;
constexpr uint8_t kExtraFlag = 0x04;
constexpr uint8_t kNameFlag = 0x08;
constexpr uint8_t kCommentFlag = 0x10;
constexpr uint8_t kReservedFlags = 0xe0;

constexpr size_t kFixedSize = 10;
constexpr size_t kMethodPlace = 2;
constexpr size_t kFlagsPlace = 3;
constexpr uint8_t kDeflate = 8;

}  // namespace

absl::StatusOr<bool> GzipHeader::Take(absl::string_view* in) {
  while (field_ != Field::kEnd && !in->empty()) {
    absl::Status taken = TakeByte(static_cast<uint8_t>(in->front()));
    if (!taken.ok()) return taken;
    in->remove_prefix(1);
  }
  return field_ == Field::kEnd;
}

absl::Status GzipHeader::TakeByte(uint8_t byte) {
  if (field_ == Field::kChecksum) return TakeChecksum(byte);
  crc_ = static_cast<uint32_t>(crc32(crc_, &byte, 1));
  size_t place = position_++;
  switch (field_) {
    case Field::kFixed:
      if (position_ == kFixedSize) Begin(Field::kExtraLength);
      return CheckFixed(place, byte);
    case Field::kExtraLength:
      extra_length_ |= static_cast<size_t>(byte) << (8 * place);
      if (position_ == 2) Begin(Field::kExtra);
      break;
    case Field::kExtra:
      if (position_ == extra_length_) Begin(Field::kName);
      break;
    case Field::kName:
      if (byte == 0) Begin(Field::kComment);
      break;
    case Field::kComment:
      if (byte == 0) Begin(Field::kChecksum);
      break;
    case Field::kChecksum:
    case Field::kEnd:
      break;
  }
  return absl::OkStatus();
}

absl::Status GzipHeader::CheckFixed(size_t place, uint8_t byte) {
  if (place == kMethodPlace && byte != kDeflate) {
    return absl::DataLossError("damaged header (unknown method)");
  }
  if (place != kFlagsPlace) return absl::OkStatus();
  flags_ = byte;
  if ((flags_ & kReservedFlags) == 0) return absl::OkStatus();
  return absl::DataLossError("damaged header (reserved flags)");
}

absl::Status GzipHeader::TakeChecksum(uint8_t byte) {
  if (byte != ((crc_ >> (8 * position_)) & 0xff)) {
    return absl::DataLossError("damaged header (incorrect checksum)");
  }
  if (++position_ == 2) Begin(Field::kEnd);
  return absl::OkStatus();
}

// Goes to `field`, or to the next one that the header has.
void GzipHeader::Begin(Field field) {
  if (field == Field::kExtraLength && !(flags_ & kExtraFlag)) field = Field::kName;
  if (field == Field::kExtra && extra_length_ == 0) field = Field::kName;
  if (field == Field::kName && !(flags_ & kNameFlag)) field = Field::kComment;
  if (field == Field::kComment && !(flags_ & kCommentFlag)) field = Field::kChecksum;
  if (field == Field::kChecksum && !(flags_ & kChecksumFlag)) field = Field::kEnd;
  field_ = field;
  position_ = 0;
}

}  // namespace scamper::io
