// SPDX-License-Identifier: Apache-2.0
#include "server/io/gzip_source.h"

#include <utility>

#include "server/io/gzip_inflater.h"

namespace scamper::io {

std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<ByteSource> source) {
#ifdef SCAMPER_IO_HAVE_ISAL
  return std::make_unique<DecompressingSource>(std::move(source), NewIsalInflater());
#else
  return std::make_unique<DecompressingSource>(std::move(source), NewZlibInflater());
#endif
}

}  // namespace scamper::io
