// SPDX-License-Identifier: Apache-2.0
// An alias resolution as a JSON line.
#pragma once

#include <string>

#include "scamper/v1/dealias.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// Uses the summaries. False, with `out` as it was, with quirks for midarest, midardisc and
// unknown methods, which scamper's tool stops at.
bool AppendDealiasJson(const v1::Dealias& dealias, const JsonContext& context, std::string* out);

}  // namespace scamper::records
