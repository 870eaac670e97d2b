// SPDX-License-Identifier: Apache-2.0
// The inflaters that gzip_source.cc chooses from.
#pragma once

#include <memory>

#include "server/io/decompressing_source.h"

namespace scamper::io {

inline constexpr StreamFormat kGzipFormat = {"gzip", "\x1f\x8b", 1};

std::unique_ptr<StreamDecoder> NewZlibInflater();

#ifdef SCAMPER_IO_HAVE_ISAL
// About twice as fast as zlib's on gzipped warts.
std::unique_ptr<StreamDecoder> NewIsalInflater();
#endif

}  // namespace scamper::io
