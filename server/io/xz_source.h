// SPDX-License-Identifier: Apache-2.0
// Reading xz.
#pragma once

#include <cstdint>
#include <memory>

#include "server/io/byte_source.h"

namespace scamper::io {

// Bytes. All that the xz tool writes with its presets needs at most 65 MiB.
inline constexpr uint64_t kXzMemoryLimit = uint64_t{256} << 20;

// Decompresses `source`: one stream or several on end, checksums verified, zero
// padding accepted after each in multiples of four bytes. For the errors see
// decompressing_source.h; beside these
//   RESOURCE_EXHAUSTED  a stream needs more than `memory_limit` to decompress
//   UNIMPLEMENTED       its filters or its kind of checksum are not known here
std::unique_ptr<ByteSource> NewXzSource(std::unique_ptr<ByteSource> source,
                                        uint64_t memory_limit = kXzMemoryLimit);

}  // namespace scamper::io
