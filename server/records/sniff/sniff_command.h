// SPDX-License-Identifier: Apache-2.0
// The sniff command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/sniff.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "sniff.".
std::vector<FieldViolation> ValidateSniff(const v1::SniffParameters& sniff);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateSniff found nothing.
absl::StatusOr<std::string> SniffCommand(const v1::SniffParameters& sniff, int version);

// What the measurement does to the network. REQUIRES: ValidateSniff found nothing.
Probing SniffProbing(const v1::SniffParameters& sniff);

}  // namespace scamper::records
