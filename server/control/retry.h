// SPDX-License-Identifier: Apache-2.0
// When to try again.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "server/base/executor.h"

namespace scamper::control {

// Calls later, and later with each failure: after 0.1 s, doubling up to 5 s.
class Retry {
 public:
  explicit Retry(base::Executor* executor) : executor_(executor) {}

  // Calls soon, for the first time. Both replace a call that is due.
  void Soon(std::function<void()> f) {
    timer_ = executor_->After(absl::ZeroDuration(), std::move(f));
  }
  void Later(std::function<void()> f) {
    timer_ = executor_->After(delay_, std::move(f));
    delay_ = std::min(2 * delay_, absl::Seconds(5));
  }
  void Succeeded() { delay_ = absl::Milliseconds(100); }
  void Cancel() { timer_.reset(); }

 private:
  base::Executor* const executor_;
  absl::Duration delay_ = absl::Milliseconds(100);
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace scamper::control
