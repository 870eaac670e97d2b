// SPDX-License-Identifier: Apache-2.0
#include "server/io/callback_io.h"

#include <algorithm>
#include <cstring>

namespace scamper::io {

absl::StatusOr<size_t> CallbackSource::Read(char* buffer, size_t size) {
  while (position_ == chunk_.size()) {
    if (!status_.ok()) return status_;
    if (ended_) return 0;
    absl::StatusOr<std::optional<std::string>> next = next_();
    status_ = next.status();
    ended_ = next.ok() && !next->has_value();
    chunk_ = next.ok() && next->has_value() ? *std::move(*next) : std::string();
    position_ = 0;
  }
  size_t n = std::min(size, chunk_.size() - position_);
  std::memcpy(buffer, chunk_.data() + position_, n);
  position_ += n;
  return n;
}

absl::Status CallbackSink::Write(absl::string_view bytes) {
  if (!status_.ok()) return status_;
  if (closed_) return absl::FailedPreconditionError("write after close");
  if (!bytes.empty()) status_ = accept_(bytes);
  return status_;
}

absl::Status CallbackSink::Close() {
  if (!status_.ok()) return status_;
  if (closed_) return absl::FailedPreconditionError("closed twice");
  closed_ = true;
  if (finish_) status_ = finish_();
  return status_;
}

}  // namespace scamper::io
