// SPDX-License-Identifier: Apache-2.0
// Whether a trace that came back is the one that was asked for.
#pragma once

#include "scamper/v1/trace.pb.h"

namespace scamper::records {

// By destination, userid (absent: 0) and method (absent: icmp-paris with a
// parameter that selects it, else udp-paris).
bool TraceMatches(const v1::TraceParameters& wanted, const v1::Trace& trace);

}  // namespace scamper::records
