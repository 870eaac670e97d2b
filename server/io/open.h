// SPDX-License-Identifier: Apache-2.0
// Stacking the (de)compressor that a file needs on its bytes.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"
#include "server/io/kind.h"

namespace scamper::io {

struct DetectedSource {
  Compression compression = Compression::kNone;
  Content content = Content::kEmpty;
  // All the content from its first byte, decompressed.
  std::unique_ptr<ByteSource> source;
};

// Reads the first bytes of `source` and finds out what it is; works on pipes as
// well. Content that is not known (kOther) is no error here: the caller may know
// better, or search it for records. An error is returned where the input, or
// its decompression, fails before the kind can be told; one that comes later is
// found when reading. Blocks as `source` does.
absl::StatusOr<DetectedSource> DetectSource(std::unique_ptr<ByteSource> source);

// `source` decompressed; `source` itself for kNone.
std::unique_ptr<ByteSource> Decompress(Compression compression, std::unique_ptr<ByteSource> source);

// A sink that compresses into `sink`; `sink` itself for kNone.
std::unique_ptr<ByteSink> Compress(Compression compression, std::unique_ptr<ByteSink> sink);

}  // namespace scamper::io
