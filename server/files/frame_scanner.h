// SPDX-License-Identifier: Apache-2.0
// Finding the next record of a file behind damage.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/files/record_buffer.h"

namespace scamper::files {

// How the records of a format are framed.
struct Framing {
  // First bytes of each header.
  absl::string_view magic;
  // Bytes.
  size_t header_size = 0;
  // Bytes of the whole record where the header is plausible, else 0.
  uint64_t (*plausible_size)(absl::string_view header) = nullptr;
};

// Looks at the window of a buffer. All work together is in proportion to the input.
class FrameScanner {
 public:
  // A longer record is not plausible. `buffer` outlives this.
  FrameScanner(const Framing& framing, uint64_t max_size, RecordBuffer* buffer)
      : framing_(framing), max_size_(max_size), buffer_(*buffer) {}

  // Whether the input goes on with a header, or ends, at `at` of the window, which holds so much.
  // A part of a header's first bytes at the end of the input counts.
  bool IsBoundary(size_t at);
  // Whether a plausible record begins behind the first byte of the window and before `size`.
  bool HasRecordInside(size_t size);
  // The same for a record at the start of the window whose body is malformed: then perhaps its
  // length is wrong. False also where too much was looked at twice by such questions.
  bool MalformedHasRecordInside(size_t size);
  // Moves to the next plausible record behind the start of the window, or to the end.
  void SkipToRecord();

 private:
  // Whether a header with a plausible body begins at `at` of the window, and what
  // follows that body is a header or the end.
  bool IsPlausible(size_t at);

  const Framing framing_;
  const uint64_t max_size_;
  RecordBuffer& buffer_;
  // Bytes of malformed records that were looked into.
  uint64_t looked_into_ = 0;
};

}  // namespace scamper::files
