// SPDX-License-Identifier: Apache-2.0
// The calls whose work blocks, each on a thread of its own.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/base/worker_pool.h"

namespace scamper::service {

class StoppableCall {
 public:
  virtual ~StoppableCall() = default;
  // Ends the work of the call soon, with that error; the first one counts. Thread-safe.
  virtual void Stop(const absl::Status& why) = 0;
};

// Thread-safe. Outlives its calls.
class CallPool {
 public:
  // At most so many calls at a time.
  explicit CallPool(size_t size) : size_(size), workers_(size) {}

  // Runs the work of a call, and what comes after it (see WorkerPool). RESOURCE_EXHAUSTED or
  // UNAVAILABLE, and neither is run, where there is no room or after ShutDown.
  absl::Status Start(StoppableCall* call, std::function<void()> work, std::function<void()> after);
  // Before the call that was started is destroyed.
  void Remove(StoppableCall* call);

  // Stops all calls with UNAVAILABLE, and takes no more. They end soon after.
  void ShutDown();

 private:
  const size_t size_;
  absl::Mutex mutex_;
  absl::flat_hash_set<StoppableCall*> calls_ ABSL_GUARDED_BY(mutex_);
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  base::WorkerPool workers_;
};

}  // namespace scamper::service
