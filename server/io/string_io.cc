// SPDX-License-Identifier: Apache-2.0
#include "server/io/string_io.h"

#include <algorithm>
#include <cstring>

namespace scamper::io {

absl::StatusOr<size_t> StringSource::Read(char* buffer, size_t size) {
  size_t n = std::min(size, bytes_.size() - position_);
  if (n > 0) std::memcpy(buffer, bytes_.data() + position_, n);
  position_ += n;
  return n;
}

absl::Status StringSink::Write(absl::string_view bytes) {
  if (closed_) return absl::FailedPreconditionError("write after close");
  out_->append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status StringSink::Close() {
  if (closed_) return absl::FailedPreconditionError("closed twice");
  closed_ = true;
  return absl::OkStatus();
}

}  // namespace scamper::io
