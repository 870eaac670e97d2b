// SPDX-License-Identifier: Apache-2.0
#include "server/io/zlib_error.h"

#include <zlib.h>

#include "absl/strings/str_cat.h"

namespace scamper::io {

absl::Status ZlibError(int code, const char* message) {
  if (message == nullptr) message = "no detail";
  switch (code) {
    case Z_DATA_ERROR:
      return absl::DataLossError(absl::StrCat("damaged data (", message, ")"));
    case Z_NEED_DICT:
      return absl::DataLossError("damaged data (asks for a dictionary)");
    case Z_MEM_ERROR:
      return absl::ResourceExhaustedError("no memory for zlib");
    default:
      return absl::InternalError(absl::StrCat("zlib error ", code, " (", message, ")"));
  }
}

}  // namespace scamper::io
