// SPDX-License-Identifier: Apache-2.0
// Functions as a source and a sink, e.g. the chunks of a gRPC stream.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::io {

// Delivers chunks of any size as one stream. Holds one chunk at a time.
class CallbackSource : public ByteSource {
 public:
  // The next chunk; nothing at the clean end. Empty chunks are skipped. May
  // block. An error is passed on as it is. Not called again after an end or an
  // error.
  using Next = std::function<absl::StatusOr<std::optional<std::string>>()>;

  explicit CallbackSource(Next next) : next_(std::move(next)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  Next next_;
  std::string chunk_;
  size_t position_ = 0;
  bool ended_ = false;
  absl::Status status_;
};

// Hands each write on as one chunk.
class CallbackSink : public ByteSink {
 public:
  // Takes a chunk that is not empty; it may block for back-pressure. Its error
  // is passed on as it is, and it is not called again.
  using Accept = std::function<absl::Status(absl::string_view chunk)>;
  // Called once, by Close, unless a chunk was refused.
  using Finish = std::function<absl::Status()>;

  explicit CallbackSink(Accept accept, Finish finish = nullptr)
      : accept_(std::move(accept)), finish_(std::move(finish)) {}
  absl::Status Write(absl::string_view bytes) override;
  absl::Status Close() override;

 private:
  Accept accept_;
  Finish finish_;
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace scamper::io
