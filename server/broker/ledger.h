// SPDX-License-Identifier: Apache-2.0
// Counts tasks, so that none is lost and none ends twice.
#pragma once

#include <cstdint>

#include "scamper/v1/task.pb.h"

namespace scamper::broker {

// Adds up at any time: accepted = sum of the outcomes + open. Not thread-safe.
class Ledger {
 public:
  void Accept();
  // REQUIRES: open() > 0, and an outcome other than UNSPECIFIED.
  void End(v1::TaskOutcome outcome);
  // Tasks that did not end.
  uint64_t open() const { return open_; }
  const v1::Ledger& counts() const { return counts_; }

 private:
  v1::Ledger counts_;
  uint64_t open_ = 0;
};

}  // namespace scamper::broker
