// SPDX-License-Identifier: Apache-2.0
// The tracelb command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/tracelb.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "tracelb.".
std::vector<FieldViolation> ValidateTracelb(const v1::TracelbParameters& tracelb);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateTracelb found nothing.
absl::StatusOr<std::string> TracelbCommand(const v1::TracelbParameters& tracelb, int version);

// What the measurement does to the network. REQUIRES: ValidateTracelb found nothing.
Probing TracelbProbing(const v1::TracelbParameters& tracelb);

}  // namespace scamper::records
