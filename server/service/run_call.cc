// SPDX-License-Identifier: Apache-2.0
#include "server/service/run_call.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/broker/ledger.h"
#include "server/records/registry.h"
#include "server/service/event_queue.h"
#include "server/service/owner.h"
#include "server/service/result.h"
#include "server/service/selection.h"
#include "server/service/status.h"
#include "server/service/task_spec.h"

namespace scamper::service {
namespace {

// What is yet to be sent. Becomes a message only when it is written, so that what
// waits for a slow reader is small and the control thread does not decode.
struct Event {
  enum Kind { kAccepted, kProgress, kEnd, kDone };
  Kind kind = kAccepted;
  uint32_t plan = 0;
  uint32_t measurement = 0;
  broker::TaskEnd end;  // kAccepted: only the task. kProgress: task, record, under.
};

// What an event occupies beside its record.
constexpr size_t kEventBytes = sizeof(Event);

std::vector<records::FieldViolation> ValidateRun(const v1::RunRequest& request) {
  std::vector<records::FieldViolation> all;
  if (request.measurements().empty()) {
    all.push_back({"measurements", "must have at least one"});
  }
  for (int i = 0; i < request.measurements_size(); ++i) {
    for (records::FieldViolation& v : records::Validate(request.measurements(i))) {
      all.push_back({absl::StrCat("measurements[", i, "].", v.field), std::move(v.description)});
      if (all.size() >= 1000) return all;
    }
  }
  return all;
}

// Members are the control thread's, but for the queue and what belongs to the one
// write under way (response_).
class RunCall final : public grpc::ServerWriteReactor<v1::RunResponse>, public broker::TaskClient {
 public:
  RunCall(grpc::CallbackServerContext* context, broker::Broker* broker, base::Executor* control,
          const RunLimits& limits, const v1::RunRequest* request)
      : context_(context), broker_(broker), control_(control), limits_(limits), request_(request) {}

  void Start() {
    std::vector<records::FieldViolation> violations = ValidateRun(*request_);
    if (!violations.empty()) {
      FinishOnce(InvalidArgument(violations));
      return;
    }
    control_->Post([this] { Select(); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      // The stream is broken: OnCancel has come or will.
      queue_.Fail();
      if (cancelled_.load(std::memory_order_acquire)) FinishOnce(grpc::Status::CANCELLED);
      return;
    }
    std::optional<Event> next = queue_.Next();
    if (paused_.load(std::memory_order_acquire) && queue_.bytes() < limits_.buffer_bytes / 2 &&
        paused_.exchange(false)) {
      control_->Post([this] { Unpause(); });
    }
    if (next) {
      Write(*std::move(next));
    } else if (done_written_) {
      FinishOnce(final_status_);
    } else if (queue_.closed()) {
      FinishOnce(grpc::Status::CANCELLED);
    }
  }

  void OnCancel() override {
    control_->Post([this] { Cancelled(); });
  }

  void OnDone() override {
    control_->Post([this] {
      if (client_ != 0) broker_->RemoveClient(client_);
      delete this;
    });
  }

  bool WantsMore() override {
    if (queue_.bytes() < limits_.buffer_bytes) return true;
    paused_.store(true, std::memory_order_release);
    // The writer may have gone below the limit before it could see the flag.
    if (queue_.bytes() >= limits_.buffer_bytes / 2) return false;
    paused_.store(false, std::memory_order_release);
    return true;
  }

  void OnProgress(broker::TaskId task, std::string record,
                  std::shared_ptr<const broker::RecordedUnder> under) override {
    auto it = tasks_.find(task);
    if (it == tasks_.end()) return;
    Event event{Event::kProgress, it->second.plan, it->second.measurement, {}};
    event.end.task = task;
    event.end.record = std::move(record);
    event.end.under = std::move(under);
    Push(std::move(event));
  }

  void OnEnd(broker::TaskEnd end) override {
    auto it = tasks_.find(end.task);
    if (it == tasks_.end()) return;
    const Where where = it->second;
    tasks_.erase(it);
    --running_[where.plan];
    ledger_.End(end.outcome);
    Push({Event::kEnd, where.plan, where.measurement, std::move(end)});
    SubmitPlan(where.plan);
    PushDoneIfOver();
  }

 private:
  struct Where {
    uint32_t plan;
    uint32_t measurement;
  };

  void Select() {
    if (closed_) return;
    absl::StatusOr<std::vector<Plan>> plans = SelectForRun(*broker_, *request_);
    if (!plans.ok()) {
      closed_ = true;
      FinishOnce(ToGrpc(plans.status()));
      return;
    }
    plans_ = *std::move(plans);
    next_.resize(plans_.size());
    running_.resize(plans_.size());
    client_ = broker_->AddClient(this, OwnerOf(*context_));
    Unpause();
  }

  void Unpause() {
    paused_.store(false, std::memory_order_release);
    if (closed_ || client_ == 0) return;
    broker_->Resume(client_);
    for (size_t p = 0; p < plans_.size(); ++p) SubmitPlan(p);
    PushDoneIfOver();
  }

  // Hands the broker as many tasks of the plan as it may have.
  void SubmitPlan(size_t p) {
    const Plan& plan = plans_[p];
    while (!stopped_ && next_[p] < plan.measurements.size() &&
           running_[p] < limits_.tasks_per_instance && WantsMore()) {
      const uint32_t m = plan.measurements[next_[p]];
      absl::StatusOr<broker::TaskId> task = broker_->Submit(
          client_, MakeTaskSpec(limits_.policy, plan.instance,
                                std::shared_ptr<const v1::Measurement>(
                                    std::shared_ptr<void>(), &request_->measurements(m))));
      if (!task.ok()) {
        stopped_ = true;
        final_status_ = ToGrpc(task.status());
        break;
      }
      ++next_[p];
      ++running_[p];
      ledger_.Accept();
      tasks_.emplace(*task, Where{static_cast<uint32_t>(p), m});
      Event event{Event::kAccepted, static_cast<uint32_t>(p), m, {}};
      event.end.task = *task;
      Push(std::move(event));
    }
  }

  void PushDoneIfOver() {
    if (done_pushed_ || !tasks_.empty()) return;
    if (!stopped_) {
      for (size_t p = 0; p < plans_.size(); ++p) {
        if (next_[p] < plans_[p].measurements.size()) return;
      }
    }
    done_pushed_ = true;
    Push({Event::kDone, 0, 0, {}});
  }

  void Push(Event event) {
    if (closed_) return;
    const size_t bytes = kEventBytes + event.end.record.size();
    std::optional<Event> now = queue_.Push(std::move(event), bytes);
    if (now) Write(*std::move(now));
  }

  // By whoever the queue gave the event to.
  void Write(Event event) {
    done_written_ = event.kind == Event::kDone;
    response_.Clear();
    Fill(std::move(event), &response_);
    grpc::WriteOptions options;
    if (queue_.more()) options.set_buffer_hint();
    StartWrite(&response_, options);
  }

  void FillTask(const Event& event, v1::Task* task) const {
    task->set_id(event.end.task);
    task->set_instance(plans_[event.plan].instance);
    task->set_measurement(event.measurement);
  }

  void Fill(Event event, v1::RunResponse* response) const {
    switch (event.kind) {
      case Event::kAccepted:
        return FillTask(event, response->mutable_accepted()->mutable_task());
      case Event::kDone:
        *response->mutable_done()->mutable_ledger() = ledger_.counts();
        return;
      case Event::kProgress:
        FillTask(event, response->mutable_progress()->mutable_task());
        MakeResult(std::move(event.end.record), event.end.under.get(), request_->options(),
                   response->mutable_progress())
            .IgnoreError();
        return;
      case Event::kEnd:
        return FillEnd(std::move(event), response);
    }
  }

  void FillEnd(Event event, v1::RunResponse* response) const {
    absl::Status status = event.end.status;
    v1::Result malformed;
    if (status.ok()) {
      v1::Result* result = response->mutable_result();
      FillTask(event, result->mutable_task());
      status = MakeResult(std::move(event.end.record), event.end.under.get(), request_->options(),
                          result);
      if (status.ok()) return;
      malformed = std::move(*result);
    }
    v1::TaskError* error = response->mutable_error();
    FillTask(event, error->mutable_task());
    error->set_outcome(event.end.outcome);
    *error->mutable_status() = ToRpc(status);
    if (malformed.has_warts()) *error->mutable_warts() = std::move(*malformed.mutable_warts());
  }

  void Cancelled() {
    if (closed_) return;
    closed_ = true;
    const bool late = std::chrono::system_clock::now() >= context_->deadline();
    if (late) {
      for (const auto& [task, where] : tasks_) broker_->Halt(task, v1::TASK_OUTCOME_EXPIRED);
    }
    if (client_ != 0) broker_->RemoveClient(client_);
    client_ = 0;
    cancelled_.store(true, std::memory_order_release);
    if (queue_.Close()) {
      FinishOnce(ToGrpc(late ? absl::DeadlineExceededError("the deadline passed")
                             : absl::CancelledError("the client cancelled")));
    }
  }

  // Several may see the end of the stream at the same time.
  void FinishOnce(const grpc::Status& status) {
    if (!finished_.exchange(true)) Finish(status);
  }

  grpc::CallbackServerContext* const context_;
  broker::Broker* const broker_;
  base::Executor* const control_;
  const RunLimits limits_;
  // gRPC's, there until OnDone; by then no task is queued, so none will be made a command of.
  const v1::RunRequest* const request_;
  std::vector<Plan> plans_;
  // Of each plan: index of its next measurement; tasks not ended.
  std::vector<size_t> next_;
  std::vector<size_t> running_;
  absl::flat_hash_map<broker::TaskId, Where> tasks_;
  broker::Broker::ClientId client_ = 0;
  broker::Ledger ledger_;  // Changes no more once the event done was pushed.
  bool stopped_ = false;   // The server takes no more tasks.
  bool closed_ = false;    // Nothing is issued or sent any more.
  bool done_pushed_ = false;
  grpc::Status final_status_;
  std::atomic<bool> paused_{false};
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> finished_{false};
  EventQueue<Event> queue_;
  v1::RunResponse response_;
  bool done_written_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::RunResponse>* StartRunCall(grpc::CallbackServerContext* context,
                                                        broker::Broker* broker,
                                                        base::Executor* control,
                                                        const RunLimits& limits,
                                                        const v1::RunRequest* request) {
  auto* call = new RunCall(context, broker, control, limits, request);
  call->Start();
  return call;
}

}  // namespace scamper::service
