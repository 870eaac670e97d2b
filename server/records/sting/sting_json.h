// SPDX-License-Identifier: Apache-2.0
// A sting as a JSON line.
#pragma once

#include <string>

#include "scamper/v1/sting.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// False, with `out` as it was, with quirks: scamper's tool drops stings.
bool AppendStingJson(const v1::Sting& sting, const JsonContext& context, std::string* out);

}  // namespace scamper::records
