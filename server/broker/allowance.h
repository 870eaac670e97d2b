// SPDX-License-Identifier: Apache-2.0
// What the clients of one owner may do together, and who of them waits for it.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/executor.h"

namespace scamper::broker {

// Of each owner; 0 is no limit.
struct ClientLimits {
  // Tasks issued that did not end.
  int max_tasks = 0;
  // On average; as many as a second has, and at least one, may go at once after a pause.
  double tasks_per_second = 0;
  // Packets as estimated. A task with more than a second has waits for a second's, and those behind
  // it for the rest.
  double probes_per_second = 0;

  bool any() const { return max_tasks > 0 || tasks_per_second > 0 || probes_per_second > 0; }
};

// Fills at a rate up to what a second has, and at least 1. Begins full. Not thread-safe.
class TokenBucket {
 public:
  // Without limit where the rate is 0.
  TokenBucket(double per_second, absl::Time now);
  // How long until that many are there beside those `reserved`, or as many as it holds; zero: they
  // are there.
  absl::Duration Until(double tokens, absl::Time now, double reserved = 0);
  // There may be less than nothing afterwards.
  void Take(double tokens, absl::Time now);
  bool IsFull(absl::Time now);

 private:
  void Fill(absl::Time now);

  const double per_second_;
  const double most_;
  double tokens_;
  absl::Time filled_;
};

// On the executor's thread only.
class Allowance {
 public:
  // One that waits: a client of the broker at an instance.
  using Waiter = std::pair<std::string, uint64_t>;

  // `resume` is called, never from inside a call of this, when it is a waiter's turn to try again.
  // The executor must outlive this.
  Allowance(const ClientLimits& limits, base::Executor* executor,
            std::function<void(const Waiter&)> resume);

  // Takes what a task of that many packets needs; Ended is to follow. RESOURCE_EXHAUSTED naming the
  // limit, with a google.rpc.RetryInfo as payload where a time can be said, when it is not there.
  // Does not stand behind those that wait.
  absl::Status Take(uint64_t packets);
  // The same; where it is not there the waiter is resumed later, behind those that wait already,
  // and may find it gone again.
  bool TakeOrWait(uint64_t packets, const Waiter& waiter);
  // A task ended for which something was taken.
  void Ended();

  // As if it had just been made.
  bool IsIdle();

 private:
  bool Full() const { return limits_.max_tasks > 0 && out_ >= limits_.max_tasks; }
  absl::Duration Until(uint64_t packets);
  void Use(uint64_t packets);
  void ResumeSome();
  void ResumeLater(absl::Duration delay);

  const ClientLimits limits_;
  base::Executor* const executor_;
  const std::function<void(const Waiter&)> resume_;
  TokenBucket tasks_;
  TokenBucket probes_;
  int out_ = 0;

  struct Waiting {
    Waiter who;
    uint64_t packets;
  };
  // In the order of their turns, each once.
  std::list<Waiting> waiting_;
  absl::flat_hash_set<Waiter> who_waits_;
  // Those resumed last that did not take anything yet; they need not stand behind others.
  absl::flat_hash_set<Waiter> resumed_;
  // There while somebody waits for anything but the end of a task.
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace scamper::broker
