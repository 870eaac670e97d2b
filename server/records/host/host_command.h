// SPDX-License-Identifier: Apache-2.0
// The host command of scamper, a DNS query. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/host.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "dns.".
std::vector<FieldViolation> ValidateDns(const v1::DnsParameters& dns);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateDns found nothing.
absl::StatusOr<std::string> DnsCommand(const v1::DnsParameters& dns, int version);

// What the measurement does to the network. REQUIRES: ValidateDns found nothing.
Probing DnsProbing(const v1::DnsParameters& dns);

}  // namespace scamper::records
