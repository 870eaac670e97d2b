// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scamper/v1/http.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// The line of a record whose summaries are filled, with its newline at the end of `out`.
// False with quirks: scamper's tool has no such line.
bool AppendHttpJson(const v1::Http& http, const JsonContext& context, std::string* out);

}  // namespace scamper::records
