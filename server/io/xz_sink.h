// SPDX-License-Identifier: Apache-2.0
// Writing xz.
#pragma once

#include <memory>

#include "server/io/byte_sink.h"

namespace scamper::io {

// Compresses into `sink`: one stream with CRC64 and preset 6 (warts-format.md 9.2), but for its
// dictionary, which is 2 MiB, so that a conversion keeps within 64 MB. Takes about 25 MiB of
// memory, and to read again 3 MiB. For the errors see compressing_sink.h.
std::unique_ptr<ByteSink> NewXzSink(std::unique_ptr<ByteSink> sink);

}  // namespace scamper::io
