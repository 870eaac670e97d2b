// SPDX-License-Identifier: Apache-2.0
#include "server/records/sting/sting_summary.h"

namespace scamper::records {

void SummarizeSting(v1::Sting* sting) {
  v1::StingSummary* out = sting->mutable_summary();
  out->Clear();
  uint32_t number = 0;
  for (const v1::StingPacket& packet : sting->packets()) {
    if ((packet.flags() & v1::STING_PACKET_FLAG_DATA) == 0) continue;
    ++number;
    if ((packet.flags() & v1::STING_PACKET_FLAG_HOLE) != 0) out->add_holes(number);
  }
}

}  // namespace scamper::records
