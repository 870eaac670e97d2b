// SPDX-License-Identifier: Apache-2.0
#include "server/base/worker_pool.h"

#include <utility>

namespace scamper::base {

WorkerPool::WorkerPool(size_t size) : size_(size) {
  for (size_t i = 0; i < size; ++i) threads_.emplace_back([this] { RunJobs(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TryRun(std::function<void()> work, std::function<void()> after) {
  absl::MutexLock lock(&mutex_);
  if (busy_ == size_) return false;
  ++busy_;
  jobs_.push_back({std::move(work), std::move(after)});
  return true;
}

void WorkerPool::RunJobs() {
  const auto ready = [this] {
    mutex_.AssertReaderHeld();
    return !jobs_.empty() || stopping_;
  };
  while (true) {
    Job job;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job.work();
    {
      absl::MutexLock lock(&mutex_);
      --busy_;
    }
    job.after();
  }
}

}  // namespace scamper::base
