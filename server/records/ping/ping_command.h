// SPDX-License-Identifier: Apache-2.0
// The ping command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/ping.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "ping.".
std::vector<FieldViolation> ValidatePing(const v1::PingParameters& ping);

// "ping -c 4 192.0.2.1": options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidatePing found nothing.
absl::StatusOr<std::string> PingCommand(const v1::PingParameters& ping, int version);

// What the measurement does to the network. REQUIRES: ValidatePing found nothing.
Probing PingProbing(const v1::PingParameters& ping);

}  // namespace scamper::records
