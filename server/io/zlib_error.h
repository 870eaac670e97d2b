// SPDX-License-Identifier: Apache-2.0
// What zlib's return codes mean here.
#pragma once

#include "absl/status/status.h"

namespace scamper::io {

// `code` is not Z_OK, Z_STREAM_END or Z_BUF_ERROR. `message` is zlib's own, or null.
absl::Status ZlibError(int code, const char* message);

}  // namespace scamper::io
