// SPDX-License-Identifier: Apache-2.0
// The control thread as the layers above the sockets see it.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace scamper::base {

// A timer that was started. Destroying it cancels it.
class Timer {
 public:
  virtual ~Timer() = default;
};

// Runs functions one after the other on one thread.
class Executor {
 public:
  virtual ~Executor() = default;
  // Thread-safe. Never runs `f` before Post returns.
  virtual void Post(std::function<void()> f) = 0;
  // On the executor's thread only. Runs `f` once after `delay` unless the timer is destroyed
  // before.
  virtual std::unique_ptr<Timer> After(absl::Duration delay, std::function<void()> f) = 0;
  virtual absl::Time Now() = 0;
};

}  // namespace scamper::base
