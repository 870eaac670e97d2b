// SPDX-License-Identifier: Apache-2.0
// A TCP behaviour inference as lines: two or three of the whole, then one for each packet.
#pragma once

#include <string>

#include "scamper/v1/tbit.pb.h"

namespace scamper::records {

// Appends the lines. Like scamper it cuts them at 131071 bytes.
void AppendTbitText(const v1::Tbit& tbit, std::string* out);

}  // namespace scamper::records
