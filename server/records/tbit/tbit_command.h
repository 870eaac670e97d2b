// SPDX-License-Identifier: Apache-2.0
// The tbit command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/tbit.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "tbit.".
std::vector<FieldViolation> ValidateTbit(const v1::TbitParameters& tbit);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateTbit found nothing.
absl::StatusOr<std::string> TbitCommand(const v1::TbitParameters& tbit, int version);

// What the measurement does to the network. REQUIRES: ValidateTbit found nothing.
Probing TbitProbing(const v1::TbitParameters& tbit);

}  // namespace scamper::records
