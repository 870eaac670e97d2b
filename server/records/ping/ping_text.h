// SPDX-License-Identifier: Apache-2.0
// A ping as people know it from the command of that name.
#pragma once

#include <string>

#include "scamper/v1/ping.pb.h"

namespace scamper::records {

// Appends the lines. Uses the summaries. Like scamper it cuts what one reply
// prints at 255 bytes, which can take away the end of its last line.
void AppendPingText(const v1::Ping& ping, std::string* out);

}  // namespace scamper::records
