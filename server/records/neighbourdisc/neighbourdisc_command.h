// SPDX-License-Identifier: Apache-2.0
// The neighbourdisc command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/neighbourdisc.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "neighbourdisc.".
std::vector<FieldViolation> ValidateNeighbourdisc(const v1::NeighbourdiscParameters& neighbourdisc);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateNeighbourdisc found nothing.
absl::StatusOr<std::string> NeighbourdiscCommand(const v1::NeighbourdiscParameters& neighbourdisc,
                                                 int version);

// What the measurement does to the network. REQUIRES: ValidateNeighbourdisc found nothing.
Probing NeighbourdiscProbing(const v1::NeighbourdiscParameters& neighbourdisc);

}  // namespace scamper::records
