// SPDX-License-Identifier: Apache-2.0
#include "server/files/frame_scanner.h"

#include "absl/strings/match.h"

namespace scamper::files {
namespace {

// Malformed records may be looked into for so many times the bytes of the input before
// them, and for so many bytes at least.
constexpr uint64_t kLookFactor = 4;
constexpr uint64_t kLookBytes = uint64_t{4} << 20;

}  // namespace

bool FrameScanner::IsBoundary(size_t at) {
  if (buffer_.Fill(at + framing_.magic.size()))
    return buffer_.window().substr(at, framing_.magic.size()) == framing_.magic;
  return absl::StartsWith(framing_.magic, buffer_.window().substr(at));
}

bool FrameScanner::IsPlausible(size_t at) {
  if (!buffer_.Fill(at + framing_.header_size)) return false;
  const uint64_t size = framing_.plausible_size(buffer_.window().substr(at, framing_.header_size));
  if (size == 0 || size > max_size_) return false;
  const size_t end = at + static_cast<size_t>(size);
  return buffer_.Fill(end) && IsBoundary(end);
}

bool FrameScanner::HasRecordInside(size_t size) {
  size_t at = 1;
  while (true) {
    at = buffer_.window().find(framing_.magic, at);
    if (at == absl::string_view::npos || at >= size) return false;
    if (IsPlausible(at)) return true;
    ++at;
  }
}

bool FrameScanner::MalformedHasRecordInside(size_t size) {
  if (looked_into_ + size > kLookBytes + kLookFactor * buffer_.offset()) return false;
  looked_into_ += size;
  return HasRecordInside(size);
}

void FrameScanner::SkipToRecord() {
  buffer_.Skip(1);
  while (buffer_.Fill(framing_.magic.size())) {
    const size_t at = buffer_.window().find(framing_.magic);
    if (at == absl::string_view::npos) {
      // The last byte may begin the magic.
      buffer_.Skip(buffer_.window().size() - framing_.magic.size() + 1);
      continue;
    }
    buffer_.Skip(at);
    if (IsPlausible(0)) break;
    buffer_.Skip(1);
  }
  if (buffer_.window().size() < framing_.header_size) buffer_.Skip(buffer_.window().size());
}

}  // namespace scamper::files
