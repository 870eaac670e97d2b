// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of a trace.
#pragma once

#include <cstdint>

#include "scamper/v1/trace.pb.h"

namespace scamper::records {

// Length of the hop table: the recorded one, or the highest TTL that replied; at most 255.
uint32_t HopCount(const v1::Trace& trace);

// Fills in the summaries of the trace, of its path MTU discovery, and of each hop.
void SummarizeTrace(v1::Trace* trace);

}  // namespace scamper::records
