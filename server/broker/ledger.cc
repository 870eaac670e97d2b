// SPDX-License-Identifier: Apache-2.0
#include "server/broker/ledger.h"

namespace scamper::broker {

void Ledger::Accept() {
  counts_.set_accepted(counts_.accepted() + 1);
  ++open_;
}

void Ledger::End(v1::TaskOutcome outcome) {
  switch (outcome) {
    case v1::TASK_OUTCOME_RESULT:
      counts_.set_results(counts_.results() + 1);
      break;
    case v1::TASK_OUTCOME_REJECTED:
      counts_.set_rejected(counts_.rejected() + 1);
      break;
    case v1::TASK_OUTCOME_HALTED:
      counts_.set_halted(counts_.halted() + 1);
      break;
    case v1::TASK_OUTCOME_INSTANCE_LOST:
      counts_.set_instance_lost(counts_.instance_lost() + 1);
      break;
    case v1::TASK_OUTCOME_EXPIRED:
      counts_.set_expired(counts_.expired() + 1);
      break;
    case v1::TASK_OUTCOME_REFUSED:
      counts_.set_refused(counts_.refused() + 1);
      break;
    default:
      return;
  }
  --open_;
}

}  // namespace scamper::broker
