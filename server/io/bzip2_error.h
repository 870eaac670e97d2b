// SPDX-License-Identifier: Apache-2.0
// What libbz2's return codes mean here.
#pragma once

#include "absl/status/status.h"

namespace scamper::io {

// `code` is negative.
absl::Status Bzip2Error(int code);

}  // namespace scamper::io
