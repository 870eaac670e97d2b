// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of an MDA traceroute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scamper/v1/tracelb.pb.h"

namespace scamper::records {

bool IsIcmp(v1::TracelbMethod method);
bool IsTcp(v1::TracelbMethod method);
bool IsUdp(v1::TracelbMethod method);

// Fills in the summaries of the measurement, of its nodes, probes and replies.
void SummarizeTracelb(v1::Tracelb* tracelb);

// What the probes of one hop found.
struct TracelbHop {
  // Distinct addresses of replies; IPv4 first. Like scamper on a little-endian machine: by the
  // last byte, then the last but one, ...; IPv6 so for each half of an address.
  std::vector<std::string> addresses;
  // Runs of probes of one flow that nothing replied to.
  uint32_t silent_flows = 0;
};
TracelbHop HopOf(const v1::TracelbProbeset& set);

}  // namespace scamper::records
