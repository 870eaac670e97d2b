// SPDX-License-Identifier: Apache-2.0
#include "server/records/sniff/sniff_summary.h"

#include "server/records/time_difference.h"

namespace scamper::records {

void SummarizeSniff(v1::Sniff* sniff) {
  sniff->clear_summary();
  v1::SniffSummary* out = sniff->mutable_summary();
  if (sniff->has_start() && sniff->has_finish())
    SetDifference(sniff->finish(), sniff->start(), out->mutable_duration());
}

}  // namespace scamper::records
