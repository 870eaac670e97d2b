// SPDX-License-Identifier: Apache-2.0
// Calls that are written as straight-line code that blocks, on gRPC's callback API.
//
// A call is a class that derives from PooledCall of a reactor, wrapped in Receiving where the
// client streams and in Sending where the server does, and that implements Work():
//
//   class EchoCall : public Sending<Receiving<PooledCall<grpc::ServerBidiReactor<A, B>>, A>, B> {
//     grpc::Status Work() override { ... Receive() ... Send() ... }
//   };
//
// It is made with new, started once, and deletes itself. Work runs on a thread of the pool; what
// waits before and behind it is bounded, so that a client that is slow to read is soon not
// read from. Cancellation, a lost client and a shut down wake whatever blocks.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/support/server_callback.h"
#include "server/service/call_pool.h"
#include "server/service/status.h"

namespace scamper::service {

template <typename Reactor>
class PooledCall : public Reactor, public StoppableCall {
 public:
  explicit PooledCall(CallPool* pool) : pool_(pool) {}

  void Start() {
    const absl::Status started = pool_->Start(
        this, [this] { result_ = Work(); }, [this] { End(ResultOfWork()); });
    if (!started.ok()) this->Finish(ToGrpc(started));
  }

  void Stop(const absl::Status& why) final {
    absl::MutexLock lock(&mutex_);
    StopLocked(why);
  }

  void OnCancel() final { Stop(absl::CancelledError("the call was cancelled")); }

  void OnDone() final {
    pool_->Remove(this);
    delete this;
  }

 protected:
  // Returns soon after Stop.
  virtual grpc::Status Work() = 0;

  // The call may be gone when this returns.
  virtual void End(const grpc::Status& status) { this->Finish(status); }

  // Whether the call was not stopped. Costs next to nothing.
  bool going() const { return !stopped_.load(std::memory_order_relaxed); }

  void StopLocked(const absl::Status& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!stop_.ok()) return;
    stop_ = why;
    stopped_.store(true, std::memory_order_relaxed);
  }

  mutable absl::Mutex mutex_;
  // OK while going().
  absl::Status stop_ ABSL_GUARDED_BY(mutex_);

 private:
  // What stopped the work explains its failure best.
  grpc::Status ResultOfWork() {
    absl::MutexLock lock(&mutex_);
    return result_.ok() || stop_.ok() ? result_ : ToGrpc(stop_);
  }

  CallPool* const pool_;
  std::atomic<bool> stopped_{false};
  grpc::Status result_;
};

template <typename Call, typename Request>
class Receiving : public Call {
 public:
  using Call::Call;

  void OnReadDone(bool ok) final {
    absl::MutexLock lock(&this->mutex_);
    reading_ = false;
    ended_ = !ok;
    if (!ok) return;
    const size_t size = incoming_.ByteSizeLong();
    waiting_.emplace_back(std::move(incoming_), size);
    bytes_ += size;
    ReadOn();
  }

  // The next request; nothing where the client has sent all, or is gone: the one cannot always be
  // told from the other. Blocks. The error is that of Stop.
  absl::StatusOr<std::optional<Request>> Receive() {
    absl::MutexLock lock(&this->mutex_);
    ReadOn();
    const auto ready = [this] {
      this->mutex_.AssertReaderHeld();
      return !waiting_.empty() || ended_ || !this->stop_.ok();
    };
    this->mutex_.Await(absl::Condition(&ready));
    if (!this->stop_.ok()) return this->stop_;
    if (waiting_.empty()) return std::nullopt;
    std::optional<Request> request = std::move(waiting_.front().first);
    bytes_ -= waiting_.front().second;
    waiting_.pop_front();
    ReadOn();
    return request;
  }

  // Whether Receive would not block.
  bool HasRequest() const {
    absl::MutexLock lock(&this->mutex_);
    return !waiting_.empty() || ended_;
  }

 private:
  // Beyond that many bytes that wait, nothing is read.
  static constexpr size_t kReadAhead = size_t{1} << 20;

  void ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(this->mutex_) {
    if (reading_ || ended_ || bytes_ >= kReadAhead) return;
    reading_ = true;
    incoming_.Clear();
    this->StartRead(&incoming_);
  }

  Request incoming_;  // Of the read under way.
  bool reading_ = false;
  bool ended_ = false;
  std::deque<std::pair<Request, size_t>> waiting_;
  size_t bytes_ = 0;
};

template <typename Call, typename Response>
class Sending : public Call {
 public:
  using Call::Call;

  void OnWriteDone(bool ok) final {
    {
      absl::MutexLock lock(&this->mutex_);
      writing_ = false;
      bytes_ -= outgoing_bytes_;
      if (!ok) this->StopLocked(absl::CancelledError("the client is gone"));
      WriteOn();
      if (writing_ || !end_) return;
    }
    this->Finish(*end_);
  }

  // Blocks while much waits to be sent. The error is that of Stop; nothing is sent then.
  absl::Status Send(Response response) {
    absl::MutexLock lock(&this->mutex_);
    const auto ready = [this] {
      this->mutex_.AssertReaderHeld();
      return bytes_ < kWriteAhead || !this->stop_.ok();
    };
    this->mutex_.Await(absl::Condition(&ready));
    if (!this->stop_.ok()) return this->stop_;
    const size_t size = response.ByteSizeLong();
    waiting_.emplace_back(std::move(response), size);
    bytes_ += size;
    WriteOn();
    return absl::OkStatus();
  }

 protected:
  // When all was sent.
  void End(const grpc::Status& status) final {
    {
      absl::MutexLock lock(&this->mutex_);
      end_ = status;
      WriteOn();
      if (writing_) return;
    }
    this->Finish(*end_);
  }

 private:
  // Of what is sent and waits to be.
  static constexpr size_t kWriteAhead = size_t{1} << 20;

  void WriteOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(this->mutex_) {
    if (writing_ || waiting_.empty()) return;
    if (!this->stop_.ok()) {
      waiting_.clear();
      if (end_) end_ = ToGrpc(this->stop_);
      return;
    }
    writing_ = true;
    std::tie(outgoing_, outgoing_bytes_) = std::move(waiting_.front());
    waiting_.pop_front();
    this->StartWrite(&outgoing_);
  }

  // Of the write under way.
  Response outgoing_;
  size_t outgoing_bytes_ = 0;
  bool writing_ = false;
  std::deque<std::pair<Response, size_t>> waiting_;
  size_t bytes_ = 0;
  std::optional<grpc::Status> end_;
};

}  // namespace scamper::service
