// SPDX-License-Identifier: Apache-2.0
#include "server/io/xz_error.h"

#include <lzma.h>

#include "absl/strings/str_cat.h"

namespace scamper::io {

absl::Status XzError(int code) {
  switch (code) {
    case LZMA_DATA_ERROR:
      return absl::DataLossError("damaged data");
    case LZMA_FORMAT_ERROR:
      return absl::DataLossError("damaged header");
    case LZMA_MEM_ERROR:
      return absl::ResourceExhaustedError("no memory for liblzma");
    case LZMA_MEMLIMIT_ERROR:
      return absl::ResourceExhaustedError("memory limit is too low");
    case LZMA_OPTIONS_ERROR:
      return absl::UnimplementedError("unknown filter or option");
    case LZMA_UNSUPPORTED_CHECK:
      return absl::UnimplementedError("unknown kind of checksum");
    default:
      return absl::InternalError(absl::StrCat("liblzma error ", code));
  }
}

}  // namespace scamper::io
