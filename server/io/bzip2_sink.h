// SPDX-License-Identifier: Apache-2.0
// Writing bzip2.
#pragma once

#include <memory>

#include "server/io/byte_sink.h"

namespace scamper::io {

// Compresses into `sink`: one stream with blocks of 600 kB and the default work
// factor (warts-format.md 9.2). Takes about 5 MiB of memory. For the errors see
// compressing_sink.h.
std::unique_ptr<ByteSink> NewBzip2Sink(std::unique_ptr<ByteSink> sink);

}  // namespace scamper::io
