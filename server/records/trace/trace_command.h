// SPDX-License-Identifier: Apache-2.0
// The trace command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/trace.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "trace.".
std::vector<FieldViolation> ValidateTrace(const v1::TraceParameters& trace);

// "trace -P icmp-paris 192.0.2.1": options in the order of the message's fields.
// icmp_sum and icmp_id send method icmp-paris where none is given. `version` and errors
// as in Command() of registry.h. REQUIRES: ValidateTrace found nothing.
absl::StatusOr<std::string> TraceCommand(const v1::TraceParameters& trace, int version);

// What the measurement does to the network. REQUIRES: ValidateTrace found nothing.
Probing TraceProbing(const v1::TraceParameters& trace);

}  // namespace scamper::records
