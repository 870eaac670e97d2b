// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scamper/v1/host.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// The line of a record whose summaries are filled, with its newline at the end of `out`. Always
// true.
bool AppendHostJson(const v1::Host& host, const JsonContext& context, std::string* out);

}  // namespace scamper::records
