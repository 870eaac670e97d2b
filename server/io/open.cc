// SPDX-License-Identifier: Apache-2.0
#include "server/io/open.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "server/io/bzip2_sink.h"
#include "server/io/bzip2_source.h"
#include "server/io/gzip_sink.h"
#include "server/io/gzip_source.h"
#include "server/io/xz_sink.h"
#include "server/io/xz_source.h"

namespace scamper::io {
namespace {

// Looks at the first bytes of a source, and delivers them all the same. An error
// while looking comes after them.
class PeekedSource : public ByteSource {
 public:
  explicit PeekedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
    while (size_ < kMagicSize) {
      absl::StatusOr<size_t> n = source_->Read(first_ + size_, kMagicSize - size_);
      status_ = n.status();
      if (!n.ok() || *n == 0) break;
      size_ += *n;
    }
  }

  // At most kMagicSize bytes; fewer where the input is shorter or fails.
  absl::string_view first() const { return absl::string_view(first_, size_); }
  // Of reading them.
  const absl::Status& status() const { return status_; }

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (position_ == size_) return source_->Read(buffer, size);
    size_t n = std::min(size, size_ - position_);
    std::memcpy(buffer, first_ + position_, n);
    position_ += n;
    return n;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  char first_[kMagicSize];
  size_t size_ = 0;
  size_t position_ = 0;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<DetectedSource> DetectSource(std::unique_ptr<ByteSource> source) {
  DetectedSource detected;
  auto peeked = std::make_unique<PeekedSource>(std::move(source));
  detected.compression = CompressionOfBytes(peeked->first());
  if (detected.compression != Compression::kNone) {
    peeked = std::make_unique<PeekedSource>(Decompress(detected.compression, std::move(peeked)));
  }
  detected.content = ContentOfBytes(peeked->first());
  bool known = detected.content == Content::kWarts || detected.content == Content::kArts;
  if (!known && !peeked->status().ok()) return peeked->status();
  detected.source = std::move(peeked);
  return detected;
}

std::unique_ptr<ByteSource> Decompress(Compression compression,
                                       std::unique_ptr<ByteSource> source) {
  switch (compression) {
    case Compression::kNone:
      return source;
    case Compression::kGzip:
      return NewGzipSource(std::move(source));
    case Compression::kBzip2:
      return NewBzip2Source(std::move(source));
    case Compression::kXz:
      return NewXzSource(std::move(source));
  }
  return source;
}

std::unique_ptr<ByteSink> Compress(Compression compression, std::unique_ptr<ByteSink> sink) {
  switch (compression) {
    case Compression::kNone:
      return sink;
    case Compression::kGzip:
      return NewGzipSink(std::move(sink));
    case Compression::kBzip2:
      return NewBzip2Sink(std::move(sink));
    case Compression::kXz:
      return NewXzSink(std::move(sink));
  }
  return sink;
}

}  // namespace scamper::io
