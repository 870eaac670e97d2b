// SPDX-License-Identifier: Apache-2.0
// A ping as a JSON line (json-output.md 4).
#pragma once

#include <string>

#include "scamper/v1/ping.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// With its newline. The summaries are filled in.
void AppendPingJson(const v1::Ping& ping, const JsonContext& context, std::string* out);

}  // namespace scamper::records
