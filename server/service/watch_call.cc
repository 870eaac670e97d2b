// SPDX-License-Identifier: Apache-2.0
#include "server/service/watch_call.h"

#include <deque>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace scamper::service {

// What waits for a slow reader is at most one message for each instance: a later state
// of an instance takes the place of the one that is not sent yet.
class WatchCall final : public grpc::ServerWriteReactor<v1::WatchInstancesResponse> {
 public:
  WatchCall(broker::Broker* broker, base::Executor* control, std::shared_ptr<Watches> watches)
      : broker_(broker), control_(control), watches_(std::move(watches)) {}

  void Start() {
    control_->Post([this] {
      watches_->open.insert(this);
      if (watches_->shut_down) return End(ShuttingDown());
      watch_ = broker_->Watch([this](const v1::Instance& instance) { Changed(instance); });
    });
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) broken_ = true;
    WriteNext();
  }

  void OnCancel() override {
    control_->Post([this] { End(grpc::Status::CANCELLED); });
  }

  void OnDone() override {
    control_->Post([this] {
      if (watch_ != 0) broker_->Unwatch(watch_);
      watches_->open.erase(this);
      delete this;
    });
  }

  void End(grpc::Status status) {
    absl::MutexLock lock(&mutex_);
    if (ending_) return;
    ending_ = true;
    status_ = std::move(status);
    if (!writing_) Finish(status_);
  }

  static grpc::Status ShuttingDown() {
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "server is shutting down");
  }

 private:
  void Changed(const v1::Instance& instance) {
    absl::MutexLock lock(&mutex_);
    if (ending_ || broken_) return;
    auto [it, added] = waiting_.insert_or_assign(instance.name(), instance);
    if (added) order_.push_back(it->first);
    if (!writing_) WriteNext();
  }

  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ending_) {
      Finish(status_);
      return;
    }
    if (broken_ || order_.empty()) return;
    auto it = waiting_.find(order_.front());
    order_.pop_front();
    *response_.mutable_instance() = std::move(it->second);
    waiting_.erase(it);
    writing_ = true;
    StartWrite(&response_);
  }

  broker::Broker* const broker_;
  base::Executor* const control_;
  const std::shared_ptr<Watches> watches_;
  uint64_t watch_ = 0;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, v1::Instance> waiting_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> order_ ABSL_GUARDED_BY(mutex_);
  v1::WatchInstancesResponse response_;  // Of the write under way.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

grpc::ServerWriteReactor<v1::WatchInstancesResponse>* StartWatchCall(
    broker::Broker* broker, base::Executor* control, std::shared_ptr<Watches> watches) {
  auto* call = new WatchCall(broker, control, std::move(watches));
  call->Start();
  return call;
}

void ShutDown(Watches& watches) {
  watches.shut_down = true;
  for (WatchCall* call : watches.open) call->End(WatchCall::ShuttingDown());
}

}  // namespace scamper::service
