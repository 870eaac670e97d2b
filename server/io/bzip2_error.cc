// SPDX-License-Identifier: Apache-2.0
#include "server/io/bzip2_error.h"

#include <bzlib.h>

#include "absl/strings/str_cat.h"

namespace scamper::io {

absl::Status Bzip2Error(int code) {
  switch (code) {
    case BZ_DATA_ERROR:
      return absl::DataLossError("damaged data");
    case BZ_DATA_ERROR_MAGIC:
      return absl::DataLossError("damaged header");
    case BZ_MEM_ERROR:
      return absl::ResourceExhaustedError("no memory for libbz2");
    default:
      return absl::InternalError(absl::StrCat("libbz2 error ", code));
  }
}

}  // namespace scamper::io
