// SPDX-License-Identifier: Apache-2.0
// A trace as people know it from traceroute.
#pragma once

#include <string>

#include "scamper/v1/trace.pb.h"

namespace scamper::records {

// Appends the lines. Uses the summaries.
void AppendTraceText(const v1::Trace& trace, std::string* out);

}  // namespace scamper::records
