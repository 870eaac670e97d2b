// SPDX-License-Identifier: Apache-2.0
// Bytes in memory as a source and a sink.
#pragma once

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::io {

// Delivers a string that it owns. Never fails, never blocks.
class StringSource : public ByteSource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  std::string bytes_;
  size_t position_ = 0;
};

// Appends to a string that the caller owns and that outlives the sink. Fails
// only after Close.
class StringSink : public ByteSink {
 public:
  explicit StringSink(std::string* out) : out_(out) {}
  absl::Status Write(absl::string_view bytes) override;
  absl::Status Close() override;

 private:
  std::string* out_;
  bool closed_ = false;
};

}  // namespace scamper::io
