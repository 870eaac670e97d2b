// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace scamper::files {
namespace {

constexpr size_t kFirstSize = size_t{256} << 10;

}  // namespace

RecordBuffer::RecordBuffer(std::unique_ptr<io::ByteSource> source)
    : source_(std::move(source)), buffer_(kFirstSize, '\0') {}

bool RecordBuffer::ReadMore() {
  if (ended_) return false;
  const absl::StatusOr<size_t> n = source_->Read(buffer_.data() + end_, buffer_.size() - end_);
  ended_ = !n.ok() || *n == 0;
  if (!n.ok()) status_ = n.status();
  if (!ended_) end_ += *n;
  return !ended_;
}

// Each move of the window frees at least half of the room, or the room grows: the cost of
// moves is in proportion to the input.
void RecordBuffer::MakeRoom(size_t n) {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const size_t size = std::min(2 * buffer_.size(), 2 * n);
  if (end_ >= buffer_.size() / 2 && size > buffer_.size()) buffer_.resize(size);
}

bool RecordBuffer::Fill(size_t n) {
  while (end_ - begin_ < n) {
    if (ended_) return false;
    if (buffer_.size() - begin_ < n) MakeRoom(n);
    if (!ReadMore()) return false;
  }
  return true;
}

uint64_t RecordBuffer::Skip(uint64_t n) {
  uint64_t left = n;
  while (true) {
    const size_t step = static_cast<size_t>(std::min<uint64_t>(left, end_ - begin_));
    begin_ += step;
    offset_ += step;
    left -= step;
    if (begin_ == end_) begin_ = end_ = 0;
    if (left == 0 || !ReadMore()) return n - left;
  }
}

}  // namespace scamper::files
