// SPDX-License-Identifier: Apache-2.0
#include "server/service/call_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace scamper::service {
namespace {

absl::Status ShuttingDown() { return absl::UnavailableError("server is shutting down"); }

}  // namespace

absl::Status CallPool::Start(StoppableCall* call, std::function<void()> work,
                             std::function<void()> after) {
  absl::MutexLock lock(&mutex_);
  if (shut_down_) return ShuttingDown();
  calls_.insert(call);
  if (workers_.TryRun(std::move(work), std::move(after))) return absl::OkStatus();
  calls_.erase(call);
  return absl::ResourceExhaustedError(
      absl::StrCat(size_, " calls are at work, which is as many as the server takes at a time"));
}

void CallPool::Remove(StoppableCall* call) {
  absl::MutexLock lock(&mutex_);
  calls_.erase(call);
}

void CallPool::ShutDown() {
  absl::MutexLock lock(&mutex_);
  shut_down_ = true;
  for (StoppableCall* call : calls_) call->Stop(ShuttingDown());
}

}  // namespace scamper::service
