// SPDX-License-Identifier: Apache-2.0
// Reading gzip (RFC 1952).
#pragma once

#include <memory>

#include "server/io/byte_source.h"

namespace scamper::io {

// Decompresses `source`: one member or several on end, checksums verified, zero
// padding accepted after each. For the errors see decompressing_source.h.
//
// Inflates with ISA-L where the build found it, else with zlib. Both deliver the
// same bytes; their messages about damage differ, and where a distance reaches behind the
// first byte, ISA-L delivers up to 258 bytes fewer of those before the damage.
std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<ByteSource> source);

}  // namespace scamper::io
