// SPDX-License-Identifier: Apache-2.0
// Every codec as a test parameter, and the libraries called directly to compare with.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::io {

struct Codec {
  std::string name;
  std::function<std::unique_ptr<ByteSource>(std::unique_ptr<ByteSource>)> source;
  std::function<std::unique_ptr<ByteSink>(std::unique_ptr<ByteSink>)> sink;
  // All that the library's own streaming call gives for the start of one stream.
  std::function<std::string(absl::string_view)> library;
  std::string tool;  // name of the command
};

inline std::ostream& operator<<(std::ostream& out, const Codec& codec) { return out << codec.name; }

inline std::string CodecName(const ::testing::TestParamInfo<Codec>& test) {
  return test.param.name;
}

// gzip once for each inflater of this build, bzip2, xz.
const std::vector<Codec>& AllCodecs();

struct Outcome {
  std::string bytes;    // delivered before the end or the error
  absl::Status status;  // OK for a clean end
};

// Reads to the end in pieces of `step` bytes; gives up at 64 MiB.
Outcome ReadAll(ByteSource* source, size_t step = 4096);
Outcome Decompressed(const Codec& codec, std::string compressed, size_t step = 4096);
// One whole stream.
std::string Compressed(const Codec& codec, absl::string_view bytes);

// One byte at a time.
std::unique_ptr<ByteSource> SlowSource(std::string bytes);
// `bytes`, then `error`.
std::unique_ptr<ByteSource> FailingSource(std::string bytes, absl::Status error);

// Bytes of which parts compress well and others not at all; the same for the same arguments.
std::string MixedBytes(size_t size, unsigned seed);

}  // namespace scamper::io
