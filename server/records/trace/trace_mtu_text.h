// SPDX-License-Identifier: Apache-2.0
// What path MTU discovery adds to the lines of a trace.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scamper/v1/trace.pb.h"

namespace scamper::records {

// One annotation for each TTL, by index from 1 to `hop_count`, most of them like
// " [mtu: 1500]"; empty where there is none. Uses the summaries of the hops.
std::vector<std::string> MtuAnnotations(const v1::Trace& trace, uint32_t hop_count);

}  // namespace scamper::records
