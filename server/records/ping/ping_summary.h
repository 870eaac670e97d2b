// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of a ping.
#pragma once

#include "scamper/v1/ping.pb.h"

namespace scamper::records {

// Whether a method sends ICMP, TCP or UDP probes.
bool IsIcmp(v1::PingMethod method);
bool IsTcp(v1::PingMethod method);
bool IsUdp(v1::PingMethod method);

// Fills in Ping.summary and the summary of each reply.
void SummarizePing(v1::Ping* ping);

}  // namespace scamper::records
