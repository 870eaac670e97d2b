// SPDX-License-Identifier: Apache-2.0
// What ally concluded, as a line.
#pragma once

#include <string>

#include "scamper/v1/dealias.pb.h"

namespace scamper::records {

// Appends the line of an ally; nothing for other methods.
void AppendDealiasText(const v1::Dealias& dealias, std::string* out);

}  // namespace scamper::records
