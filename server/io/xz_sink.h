// SPDX-License-Identifier: Apache-2.0
// Writing xz.
#pragma once

#include <memory>

#include "server/io/byte_sink.h"

namespace scamper::io {

// Compresses into `sink`: one stream with preset 6 and CRC64 (warts-format.md
// 9.2). Takes about 94 MiB of memory. For the errors see compressing_sink.h.
std::unique_ptr<ByteSink> NewXzSink(std::unique_ptr<ByteSink> sink);

}  // namespace scamper::io
