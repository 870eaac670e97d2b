// SPDX-License-Identifier: Apache-2.0
// The owamp command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/owamp.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// The first version that can do it.
inline constexpr int kOwampSince = 20260105;

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "owamp.".
std::vector<FieldViolation> ValidateOwamp(const v1::OwampParameters& owamp);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateOwamp found nothing.
absl::StatusOr<std::string> OwampCommand(const v1::OwampParameters& owamp, int version);

// What the measurement does to the network. REQUIRES: ValidateOwamp found nothing.
Probing OwampProbing(const v1::OwampParameters& owamp);

}  // namespace scamper::records
