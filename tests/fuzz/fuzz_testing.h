// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share.
//
// A target is one file with LLVMFuzzerTestOneInput; it aborts, by FUZZ_CHECK, where what must hold
// for every input does not. Linked with libFuzzer it searches for such inputs (scripts/fuzz);
// linked with run_corpus.cc it runs over the files it is given (CTest).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/io/byte_source.h"

// Says what does not hold, and aborts.
#define FUZZ_CHECK(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace scamper::fuzz {

inline std::string ToString(const uint8_t* data, size_t size) {
  return std::string(reinterpret_cast<const char*>(data), size);
}

// Delivers a string at most `step` bytes at a time.
class SteppingSource : public io::ByteSource {
 public:
  SteppingSource(std::string bytes, size_t step) : bytes_(std::move(bytes)), step_(step) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t n = std::min({size, step_, bytes_.size() - at_});
    std::memcpy(buffer, bytes_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  const std::string bytes_;
  const size_t step_;
  size_t at_ = 0;
};

}  // namespace scamper::fuzz
