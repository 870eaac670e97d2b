// SPDX-License-Identifier: Apache-2.0
// An MDA traceroute as lines: one of the whole, then one for each node that links start at.
#pragma once

#include <string>

#include "scamper/v1/tracelb.pb.h"

namespace scamper::records {

// Appends the lines; nothing where the only link of a node has no hop. Uses the summaries. Like
// scamper it cuts what one node prints at 2047 bytes.
void AppendTracelbText(const v1::Tracelb& tracelb, std::string* out);

}  // namespace scamper::records
