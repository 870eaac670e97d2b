// SPDX-License-Identifier: Apache-2.0
// Starts and ends of cycles as JSON lines (json-output.md 2).
#pragma once

#include <string>

#include "scamper/v1/common.pb.h"
#include "server/records/json.h"

namespace scamper::records {

void AppendCycleStartJson(const v1::Cycle& cycle, const JsonContext& context, std::string* out);

// Name, id and host are those of the context's cycle.
void AppendCycleStopJson(const v1::CycleStop& stop, const JsonContext& context, std::string* out);

}  // namespace scamper::records
