// SPDX-License-Identifier: Apache-2.0
// A neighbour discovery as a JSON line.
#pragma once

#include <string>

#include "scamper/v1/neighbourdisc.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// Always true.
bool AppendNeighbourdiscJson(const v1::Neighbourdisc& neighbourdisc, const JsonContext& context,
                             std::string* out);

}  // namespace scamper::records
