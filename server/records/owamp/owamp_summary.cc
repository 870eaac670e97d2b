// SPDX-License-Identifier: Apache-2.0
#include "server/records/owamp/owamp_summary.h"

#include "server/records/time_difference.h"

namespace scamper::records {
namespace {

// What a record without the field means.
constexpr uint32_t kDport = 861;
constexpr int64_t kWaitSeconds = 2;
constexpr uint32_t kAttempts = 10;
constexpr uint32_t kPktsize = 42;
constexpr uint32_t kTtl = 255;

void Count(const v1::OwampTx& tx, v1::OwampSummary* out) {
  if ((tx.flags() & v1::OWAMP_TX_FLAG_NOTSENT) == 0) out->set_sent(out->sent() + 1);
  if (tx.rxs_size() == 0) return;
  out->set_received(out->received() + 1);
  out->set_duplicates(out->duplicates() + static_cast<uint32_t>(tx.rxs_size()) - 1);
}

}  // namespace

void SummarizeOwamp(v1::Owamp* owamp) {
  owamp->clear_summary();
  v1::OwampSummary* out = owamp->mutable_summary();
  out->set_dport(owamp->has_dport() ? owamp->dport() : kDport);
  out->mutable_wait_timeout()->set_seconds(kWaitSeconds);
  if (owamp->has_wait_timeout()) *out->mutable_wait_timeout() = owamp->wait_timeout();
  out->set_attempts(owamp->has_attempts() ? owamp->attempts() : kAttempts);
  out->set_pktsize(owamp->has_pktsize() ? owamp->pktsize() : kPktsize);
  out->set_direction(owamp->has_direction() ? owamp->direction() : v1::OWAMP_DIRECTION_TX);
  out->set_ttl(owamp->has_ttl() ? owamp->ttl() : kTtl);
  for (v1::OwampTx& tx : *owamp->mutable_txs()) {
    Count(tx, out);
    for (v1::OwampRx& rx : *tx.mutable_rxs()) {
      rx.clear_summary();
      SetDifference(rx.stamp(), tx.stamp(), rx.mutable_summary()->mutable_delay());
    }
  }
}

}  // namespace scamper::records
