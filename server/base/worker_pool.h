// SPDX-License-Identifier: Apache-2.0
// A fixed number of threads for work that blocks.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace scamper::base {

// Thread-safe.
class WorkerPool {
 public:
  // REQUIRES: size > 0.
  explicit WorkerPool(size_t size);
  // Waits for the work that is under way.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs `work` on a thread at once, and there `after`, for which the pool counts one more as
  // free already: whoever hears from `after` that the work is over can start the next. False, and
  // neither is run, where as much work as there are threads is under way.
  bool TryRun(std::function<void()> work, std::function<void()> after);

 private:
  struct Job {
    std::function<void()> work;
    std::function<void()> after;
  };

  void RunJobs();

  const size_t size_;
  absl::Mutex mutex_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  // Work that was taken on and is not over.
  size_t busy_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace scamper::base
