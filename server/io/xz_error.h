// SPDX-License-Identifier: Apache-2.0
// What liblzma's return codes mean here.
#pragma once

#include "absl/status/status.h"

namespace scamper::io {

// `code`, a lzma_ret, is not LZMA_OK, LZMA_STREAM_END or LZMA_BUF_ERROR.
absl::Status XzError(int code);

}  // namespace scamper::io
