// SPDX-License-Identifier: Apache-2.0
// An executor with a clock that moves only when told to. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "server/base/executor.h"

namespace scamper::fakes {

class FakeExecutor : public base::Executor {
 public:
  void Post(std::function<void()> f) override { posted_.push_back(std::move(f)); }

  std::unique_ptr<base::Timer> After(absl::Duration delay, std::function<void()> f) override {
    auto live = std::make_shared<bool>(true);
    timers_.emplace(now_ + delay, Wait{live, std::move(f)});
    return std::make_unique<FakeTimer>(std::move(live));
  }

  absl::Time Now() override { return now_; }

  // Runs what is posted, and what that posts, until nothing is left.
  void RunPosted() {
    while (RunOne()) {
    }
  }
  // Runs the first of what is posted; false where there is nothing.
  bool RunOne() {
    if (posted_.empty()) return false;
    const std::function<void()> f = std::move(posted_.front());
    posted_.pop_front();
    f();
    return true;
  }
  size_t posted() const { return posted_.size(); }

  // Runs what is posted, then each timer that is due within `by` at its time.
  void Advance(absl::Duration by) {
    RunPosted();
    const absl::Time end = now_ + by;
    while (!timers_.empty() && timers_.begin()->first <= end) {
      now_ = std::max(now_, timers_.begin()->first);
      const Wait wait = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      if (*wait.live) wait.f();
      RunPosted();
    }
    now_ = end;
  }

 private:
  struct Wait {
    std::shared_ptr<bool> live;
    std::function<void()> f;
  };
  class FakeTimer : public base::Timer {
   public:
    explicit FakeTimer(std::shared_ptr<bool> live) : live_(std::move(live)) {}
    ~FakeTimer() override { *live_ = false; }

   private:
    std::shared_ptr<bool> live_;
  };

  absl::Time now_ = absl::FromUnixSeconds(1700000000);
  std::deque<std::function<void()>> posted_;
  std::multimap<absl::Time, Wait> timers_;
};

}  // namespace scamper::fakes
