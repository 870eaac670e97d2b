// SPDX-License-Identifier: Apache-2.0
// A sting as lines.
#pragma once

#include <string>

#include "scamper/v1/sting.pb.h"

namespace scamper::records {

// Appends the lines. Uses the summary. Like scamper it cuts the two head lines at 191 bytes.
void AppendStingText(const v1::Sting& sting, std::string* out);

}  // namespace scamper::records
