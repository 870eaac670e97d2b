// SPDX-License-Identifier: Apache-2.0
// Reading bzip2.
#pragma once

#include <memory>

#include "server/io/byte_source.h"

namespace scamper::io {

// Decompresses `source`: one stream or several on end, checksums verified, zero
// padding accepted after each. For the errors see decompressing_source.h. Takes
// up to 4 MiB of memory. Delivers whole blocks (of up to 900 kB): of a block that
// is cut off, nothing; of one that is damaged, nothing or what it seems to hold.
std::unique_ptr<ByteSource> NewBzip2Source(std::unique_ptr<ByteSource> source);

}  // namespace scamper::io
