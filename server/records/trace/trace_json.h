// SPDX-License-Identifier: Apache-2.0
// A trace as a JSON line (json-output.md 3).
#pragma once

#include <string>

#include "scamper/v1/trace.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// With its newline. The summaries are filled in.
void AppendTraceJson(const v1::Trace& trace, const JsonContext& context, std::string* out);

}  // namespace scamper::records
