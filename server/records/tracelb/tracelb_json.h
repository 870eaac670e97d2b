// SPDX-License-Identifier: Apache-2.0
// An MDA traceroute as a JSON line.
#pragma once

#include <string>

#include "scamper/v1/tracelb.pb.h"
#include "server/records/json.h"

namespace scamper::records {

// Uses the summaries. False, with `out` as it was, with quirks where the only link of a node has
// no hop. What crashes scamper: a probe of a link that ends nowhere has the replies of all
// addresses, and a hop without probes is [].
bool AppendTracelbJson(const v1::Tracelb& tracelb, const JsonContext& context, std::string* out);

}  // namespace scamper::records
