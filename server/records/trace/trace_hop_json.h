// SPDX-License-Identifier: Apache-2.0
// Replies of a trace in JSON, along the path and in path MTU discovery.
#pragma once

#include <string>

#include "scamper/v1/trace.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// Whether two replies that follow each other are to one probe.
bool OfOneProbe(const v1::TraceHop& a, const v1::TraceHop& b);

// The object of one reply. `probe` is the first reply to the same probe, which has
// the probe's time.
void AppendHopJson(const v1::TraceHop& hop, const v1::TraceHop& probe, bool rxerr,
                   const JsonContext& context, std::string* out);

// `,"pmtud":{...}`; nothing unless the trace has path MTU discovery of version 2.
// `last_hop` is the TTL at which the path ends.
void AppendPmtudJson(const v1::Trace& trace, uint32_t last_hop, const JsonContext& context,
                     std::string* out);

}  // namespace scamper::records
