// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a RunRequest, but for its instances.
#pragma once

#include <vector>

#include "scamper/v1/control.pb.h"
#include "server/records/command.h"

namespace scamper::service {

// At most some 1000.
std::vector<records::FieldViolation> ValidateRun(const v1::RunRequest& request);

}  // namespace scamper::service
