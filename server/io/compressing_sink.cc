// SPDX-License-Identifier: Apache-2.0
#include "server/io/compressing_sink.h"

#include <utility>

namespace scamper::io {

CompressingSink::CompressingSink(std::unique_ptr<ByteSink> sink,
                                 absl::StatusOr<std::unique_ptr<StreamEncoder>> encoder)
    : sink_(std::move(sink)), room_(absl::MakeSpan(buffer_)), status_(encoder.status()) {
  if (encoder.ok()) encoder_ = *std::move(encoder);
}

absl::Status CompressingSink::Write(absl::string_view bytes) {
  if (closed_ && status_.ok()) return absl::FailedPreconditionError("write after close");
  while (status_.ok() && !bytes.empty()) status_ = WriteSome(&bytes);
  return status_;
}

absl::Status CompressingSink::Close() {
  if (!status_.ok()) return status_;
  if (closed_) return absl::FailedPreconditionError("closed twice");
  closed_ = true;
  return status_ = Finish();
}

absl::Status CompressingSink::WriteSome(absl::string_view* bytes) {
  absl::Status encoded = encoder_->Encode(bytes, &room_);
  if (!encoded.ok()) return encoded;
  return room_.empty() ? Drain() : absl::OkStatus();
}

absl::Status CompressingSink::Finish() {
  absl::StatusOr<bool> complete = false;
  while (!*complete) {
    complete = encoder_->Finish(&room_);
    if (!complete.ok()) return complete.status();
    if (absl::Status drained = Drain(); !drained.ok()) return drained;
  }
  return sink_->Close();
}

absl::Status CompressingSink::Drain() {
  absl::Status written =
      sink_->Write(absl::string_view(buffer_.data(), buffer_.size() - room_.size()));
  room_ = absl::MakeSpan(buffer_);
  return written;
}

}  // namespace scamper::io
