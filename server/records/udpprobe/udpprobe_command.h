// SPDX-License-Identifier: Apache-2.0
// The udpprobe command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/udpprobe.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// The first version that can do it.
inline constexpr int kUdpprobeSince = 20240117;

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "udpprobe.".
std::vector<FieldViolation> ValidateUdpprobe(const v1::UdpprobeParameters& udpprobe);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateUdpprobe found nothing.
absl::StatusOr<std::string> UdpprobeCommand(const v1::UdpprobeParameters& udpprobe, int version);

// What the measurement does to the network. REQUIRES: ValidateUdpprobe found nothing.
Probing UdpprobeProbing(const v1::UdpprobeParameters& udpprobe);

}  // namespace scamper::records
