// SPDX-License-Identifier: Apache-2.0
// What is wrong with a request, as one status.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "server/records/command.h"

namespace scamper::records {

// INVALID_ARGUMENT whose payload is a google.rpc.BadRequest with the first 20; the text names the
// first and says how many there are. REQUIRES: not empty.
absl::Status ViolationsError(const std::vector<FieldViolation>& violations);

}  // namespace scamper::records
