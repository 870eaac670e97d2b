// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scamper/v1/udpprobe.pb.h"

namespace scamper::records {

// Fills the summaries of a record and of all that it holds from its recorded fields.
void SummarizeUdpprobe(v1::Udpprobe* udpprobe);

}  // namespace scamper::records
