// SPDX-License-Identifier: Apache-2.0
// The http command of scamper. Stateless, safe to use from any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scamper/v1/http.pb.h"
#include "server/records/command.h"
#include "server/records/probing.h"

namespace scamper::records {

// The first version that can do it.
inline constexpr int kHttpSince = 20240117;

// Every violation of the parameters' rules that does not depend on the daemon's
// version; paths begin with "http.".
std::vector<FieldViolation> ValidateHttp(const v1::HttpParameters& http);

// The command line, options in the order of the message's fields. `version` and
// errors as in Command() of registry.h. REQUIRES: ValidateHttp found nothing.
absl::StatusOr<std::string> HttpCommand(const v1::HttpParameters& http, int version);

// What the measurement does to the network. REQUIRES: ValidateHttp found nothing.
Probing HttpProbing(const v1::HttpParameters& http);

}  // namespace scamper::records
