// SPDX-License-Identifier: Apache-2.0
// Whether a ping that came back is the one that was asked for.
#pragma once

#include "scamper/v1/ping.pb.h"

namespace scamper::records {

// By destination, userid (absent: 0) and method (absent: icmp-echo).
bool PingMatches(const v1::PingParameters& wanted, const v1::Ping& ping);

}  // namespace scamper::records
