// SPDX-License-Identifier: Apache-2.0
// Writing gzip (RFC 1952).
#pragma once

#include <memory>

#include "server/io/byte_sink.h"

namespace scamper::io {

// Compresses into `sink`: one member with zlib's default level, a window of 15
// bits and memory level 8; the header has no name and time 0 (warts-format.md
// 9.2). For the errors see compressing_sink.h.
std::unique_ptr<ByteSink> NewGzipSink(std::unique_ptr<ByteSink> sink);

}  // namespace scamper::io
