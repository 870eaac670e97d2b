// SPDX-License-Identifier: Apache-2.0
// Mutates warts files: mostly inside one record, of which the header is put right again, so that
// what reads the bodies is reached; sometimes anywhere.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "server/warts/header.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed);

namespace {

using scamper::warts::kHeaderSize;

struct Span {
  size_t at = 0;
  size_t size = 0;
};

// The whole records from the front, as their headers say.
std::vector<Span> Records(const uint8_t* data, size_t size) {
  std::vector<Span> records;
  size_t at = 0;
  while (size - at >= kHeaderSize) {
    const auto header = scamper::warts::ReadHeader(
        absl::string_view(reinterpret_cast<const char*>(data + at), kHeaderSize));
    if (!header || header->length > size - at - kHeaderSize) break;
    records.push_back({at, kHeaderSize + header->length});
    at += records.back().size;
  }
  return records;
}

void SetLength(uint8_t* header, size_t length) {
  for (int i = 0; i < 4; ++i) header[4 + i] = static_cast<uint8_t>(length >> (24 - 8 * i));
}

// One in so many: a mutation that knows nothing of records; another type for a record.
constexpr unsigned kAnywhere = 8;
constexpr unsigned kOtherType = 32;
// Types 1 to this one, and one that is unknown.
constexpr unsigned kTypes = 20;

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::minstd_rand random(seed);
  const std::vector<Span> records = Records(data, size);
  if (records.empty() || random() % kAnywhere == 0) return LLVMFuzzerMutate(data, size, max_size);

  const Span record = records[random() % records.size()];
  uint8_t* const header = data + record.at;
  if (random() % kOtherType == 0) header[3] = static_cast<uint8_t>(1 + random() % kTypes);
  uint8_t* const body = header + kHeaderSize;
  const size_t behind = size - record.at - record.size;
  const std::string rest(reinterpret_cast<const char*>(header + record.size), behind);
  const size_t room = max_size - record.at - kHeaderSize;
  if (room < behind + 1) return LLVMFuzzerMutate(data, size, max_size);
  const size_t length = LLVMFuzzerMutate(body, record.size - kHeaderSize, room - behind);
  SetLength(header, length);
  std::memcpy(body + length, rest.data(), behind);
  return record.at + kHeaderSize + length + behind;
}
