// SPDX-License-Identifier: Apache-2.0
// A TCP behaviour inference as a JSON line.
#pragma once

#include <string>

#include "scamper/v1/tbit.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// Uses the summary. Always true.
bool AppendTbitJson(const v1::Tbit& tbit, const JsonContext& context, std::string* out);

}  // namespace scamper::records
