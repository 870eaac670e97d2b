// SPDX-License-Identifier: Apache-2.0
#include "server/io/decompressing_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/io/damage.h"

namespace scamper::io {

DecompressingSource::DecompressingSource(std::unique_ptr<ByteSource> source,
                                         std::unique_ptr<StreamDecoder> decoder)
    : source_(std::move(source)), decoder_(std::move(decoder)) {}

absl::StatusOr<size_t> DecompressingSource::Read(char* buffer, size_t size) {
  absl::Span<char> out(buffer, size);
  while (status_.ok() && state_ != State::kEnd && out.size() == size) status_ = Step(&out);
  if (out.size() < size) return size - out.size();
  if (!status_.ok()) return status_;
  return 0;
}

absl::Status DecompressingSource::Step(absl::Span<char>* out) {
  return state_ == State::kInStream ? StepInStream(out) : StepBetweenStreams();
}

absl::Status DecompressingSource::StepBetweenStreams() {
  const StreamFormat& format = decoder_->format();
  if (any_stream_) SkipZeros();
  absl::string_view seen = in_.substr(0, format.magic.size());
  bool magic = absl::StartsWith(format.magic, seen);
  if (magic && seen.size() < format.magic.size() && !input_ended_) {
    Fill();
    return absl::OkStatus();
  }
  if (!magic) {
    return Damage(
        any_stream_ ? "garbage after the end of the compressed data" : "not in this format",
        Offset());
  }
  if (!input_status_.ok() && seen.size() < format.magic.size()) return input_status_;
  if (absl::Status padding = CheckPadding(Offset()); !padding.ok()) return padding;
  if (seen.empty() && any_stream_) {
    state_ = State::kEnd;
    return absl::OkStatus();
  }
  if (seen.size() < format.magic.size()) {
    return Damage(seen.empty() ? "no compressed data" : "truncated", filled_);
  }
  state_ = State::kInStream;
  return decoder_->Start();
}

absl::Status DecompressingSource::StepInStream(absl::Span<char>* out) {
  if (in_.empty() && !input_ended_) Fill();
  size_t in_before = in_.size(), out_before = out->size();
  absl::StatusOr<bool> complete = decoder_->Decode(&in_, out);
  if (!complete.ok()) {
    return ErrorAt(complete.status().code(),
                   absl::StrCat(decoder_->format().name, ": ", complete.status().message()),
                   Offset());
  }
  if (*complete) {
    state_ = State::kBetweenStreams;
    any_stream_ = true;
    stream_end_ = Offset();
    return absl::OkStatus();
  }
  if (in_.size() < in_before || out->size() < out_before) return absl::OkStatus();
  if (!in_.empty()) return Damage("no progress", Offset());
  if (!input_ended_) return absl::OkStatus();
  if (!input_status_.ok()) return input_status_;
  return Damage("truncated", filled_);
}

absl::Status DecompressingSource::CheckPadding(uint64_t padding_end) const {
  uint64_t unit = decoder_->format().padding_unit;
  if ((padding_end - stream_end_) % unit == 0) return absl::OkStatus();
  return Damage(absl::StrCat("padding of ", padding_end - stream_end_, " bytes, not a multiple of ",
                             unit, ","),
                stream_end_);
}

void DecompressingSource::Fill() {
  if (!in_.empty()) std::memmove(buffer_.data(), in_.data(), in_.size());
  size_t kept = in_.size();
  absl::StatusOr<size_t> n = source_->Read(buffer_.data() + kept, buffer_.size() - kept);
  size_t added = n.ok() ? *n : 0;
  input_status_ = n.status();
  input_ended_ = added == 0;
  filled_ += added;
  in_ = absl::string_view(buffer_.data(), kept + added);
}

void DecompressingSource::SkipZeros() {
  in_.remove_prefix(std::min(in_.find_first_not_of('\0'), in_.size()));
}

absl::Status DecompressingSource::Damage(absl::string_view what, uint64_t offset) const {
  return ErrorAt(absl::StatusCode::kDataLoss, absl::StrCat(decoder_->format().name, ": ", what),
                 offset);
}

}  // namespace scamper::io
