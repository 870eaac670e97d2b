// SPDX-License-Identifier: Apache-2.0
// What the three compressors have in common. Of use to gzip_sink.cc,
// bzip2_sink.cc and xz_sink.cc only.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/io/byte_sink.h"

namespace scamper::io {

// Encodes one compressed stream.
class StreamEncoder {
 public:
  virtual ~StreamEncoder() = default;

  // Encodes from the front of `*in`, which is not empty, to the front of `*out`,
  // and shortens both by what it used. Makes progress where `*out` is not empty.
  virtual absl::Status Encode(absl::string_view* in, absl::Span<char>* out) = 0;

  // Completes the stream; after the first call only Finish is called. True once
  // all is in `*out`; false where it needs more room.
  virtual absl::StatusOr<bool> Finish(absl::Span<char>* out) = 0;
};

// Writes one compressed stream in blocks of 64 KiB; the last is shorter.
// RESOURCE_EXHAUSTED where the encoder gets no memory; errors of the sink below
// are passed on as they are.
class CompressingSink : public ByteSink {
 public:
  CompressingSink(std::unique_ptr<ByteSink> sink,
                  absl::StatusOr<std::unique_ptr<StreamEncoder>> encoder);
  absl::Status Write(absl::string_view bytes) override;
  absl::Status Close() override;

 private:
  absl::Status WriteSome(absl::string_view* bytes);
  absl::Status Finish();
  absl::Status Drain();

  const std::unique_ptr<ByteSink> sink_;
  std::unique_ptr<StreamEncoder> encoder_;
  std::array<char, 64 * 1024> buffer_;
  absl::Span<char> room_;  // the end of buffer_ that is not yet filled
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace scamper::io
