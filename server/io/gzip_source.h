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
// same bytes; their messages about damage differ.
std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<ByteSource> source);

}  // namespace scamper::io
