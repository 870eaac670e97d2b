// SPDX-License-Identifier: Apache-2.0
#include "server/broker/instance.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scamper::broker {
namespace {

// Record types of the warts format that are no measurement.
constexpr int kList = 1;
constexpr int kCycleStart = 2;
constexpr int kCycleDefinition = 3;
constexpr int kCycleStop = 4;
constexpr size_t kHeaderBytes = 8;

// -1 when it is no record.
int TypeOf(absl::string_view record) {
  if (record.size() < kHeaderBytes) return -1;
  return static_cast<unsigned char>(record[2]) << 8 | static_cast<unsigned char>(record[3]);
}

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t micros = absl::ToUnixMicros(time);
  out->set_seconds(micros / 1000000);
  out->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
}

}  // namespace

Instance::Instance(std::string name, std::string endpoint,
                   std::unique_ptr<control::Connector> connector, const BrokerOptions& options,
                   base::Executor* executor, const RecordReader* reader, InstanceHost* host)
    : name_(std::move(name)),
      endpoint_(std::move(endpoint)),
      connector_(std::move(connector)),
      options_(options),
      executor_(executor),
      reader_(reader),
      host_(host),
      since_(executor->Now()),
      backoff_(options.backoff_min) {}

void Instance::Connect() {
  info_.reset();
  list_.reset();
  cycle_.reset();
  preamble_.clear();
  session_ = connector_->Connect(this);
  timer_ = executor_->After(options_.handshake_timeout, [this] {
    Lose(absl::DeadlineExceededError(absl::StrCat(
        "no answer from scamper within ", absl::FormatDuration(options_.handshake_timeout))));
  });
}

void Instance::Close(const absl::Status& why) {
  closed_ = true;
  Lose(why);
}

void Instance::Lose(const absl::Status& why) {
  session_.reset();
  timer_.reset();
  const std::string text(why.message());
  if (state_ != v1::INSTANCE_STATE_LOST || error_ != text) SetState(v1::INSTANCE_STATE_LOST, text);
  std::vector<Task*> tasks = outstanding_.TakeAll();
  const std::vector<Task*> queued = queue_.TakeAll();
  tasks.insert(tasks.end(), queued.begin(), queued.end());
  // Before the clients hear of it: they may submit again.
  if (!closed_) Retry();
  EndAll(tasks, absl::UnavailableError(absl::StrCat("instance ", name_, " lost: ", text)));
}

void Instance::Retry() {
  const absl::Duration delay = backoff_ * absl::Uniform(random_, 0.5, 1.0);
  backoff_ = std::min(2 * backoff_, options_.backoff_max);
  timer_ = executor_->After(delay, [this] { Connect(); });
}

void Instance::EndAll(const std::vector<Task*>& tasks, const absl::Status& status) {
  // Out of the queue, whatever a client does while others are told.
  for (Task* task : tasks) task->state = Task::State::kSent;
  for (Task* task : tasks) host_->End(task, v1::TASK_OUTCOME_INSTANCE_LOST, status, "", nullptr);
}

void Instance::SetState(v1::InstanceState state, std::string error) {
  state_ = state;
  error_ = std::move(error);
  since_ = executor_->Now();
  host_->Changed(*this);
}

void Instance::OnAttached(const control::DaemonInfo& info) {
  info_ = info;
  BecomeReadyIfComplete();
}

void Instance::BecomeReadyIfComplete() {
  if (state_ == v1::INSTANCE_STATE_READY || !info_ || !list_ || !cycle_) return;
  timer_.reset();
  backoff_ = options_.backoff_min;
  SetState(v1::INSTANCE_STATE_READY, "");
  Pump();
}

void Instance::OnMetadata(int type, std::string record) {
  absl::Status status;
  if (type == kList) {
    status = reader_->ReadList(record, &list_.emplace());
  } else {
    status = reader_->ReadCycle(record, &cycle_.emplace());
  }
  if (!status.ok()) return Lose(status);
  preamble_ += record;
  if (list_ && cycle_) {
    under_ = std::make_shared<const RecordedUnder>(RecordedUnder{*list_, *cycle_});
    BecomeReadyIfComplete();
  }
}

void Instance::OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) {
  if (id) return OnResult(outstanding_.Find(*id), in_progress, std::move(record));
  const int type = TypeOf(record);
  if (type == kList || type == kCycleStart || type == kCycleDefinition) {
    return OnMetadata(type, std::move(record));
  }
  if (type == kCycleStop) return;
  absl::StatusOr<ResultKey> key = reader_->Key(record);
  OnResult(key.ok() ? outstanding_.Find(*key) : nullptr, in_progress, std::move(record));
}

void Instance::OnResult(Task* task, bool in_progress, std::string record) {
  if (task == nullptr) {
    ++unmatched_;
    return;
  }
  if (in_progress) {
    outstanding_.Started(task);
    host_->Progress(*task, std::move(record), under_);
  } else {
    outstanding_.Finished(task);
    const v1::TaskOutcome outcome =
        task->requested == v1::TASK_OUTCOME_UNSPECIFIED ? v1::TASK_OUTCOME_RESULT : task->requested;
    host_->End(task, outcome, absl::OkStatus(), std::move(record), under_);
  }
  Pump();
}

void Instance::OnAccepted(uint32_t id) {
  Task* task = outstanding_.Accepted(id);
  if (task == nullptr) {
    return Lose(
        absl::DataLossError(absl::StrCat("scamper accepted a task that was not sent: id-", id)));
  }
  if (task->requested != v1::TASK_OUTCOME_UNSPECIFIED) session_->Halt(id);
}

void Instance::OnRejected(absl::string_view text) {
  std::optional<Outstanding::Refused> refused = outstanding_.Rejected();
  if (!refused) {
    return Lose(absl::DataLossError(absl::StrCat("scamper rejected what was not sent: ", text)));
  }
  host_->End(refused->task, v1::TASK_OUTCOME_REJECTED,
             absl::AbortedError(absl::StrCat("scamper rejected '", refused->command, "': ", text)),
             "", nullptr);
  Pump();
}

void Instance::OnMore() {
  outstanding_.More();
  Pump();
}

void Instance::OnHalted(uint32_t id, bool known) {
  if (known) outstanding_.HaltConfirmed(id);
}

void Instance::OnClosed(absl::Status status) {
  Lose(status.ok() ? absl::UnavailableError("scamper closed the connection") : status);
}

void Instance::Submit(Task* task) {
  queue_.Push(task);
  PumpLater();
}

void Instance::HaltOut(const Task& task) {
  if (task.state == Task::State::kAccepted) session_->Halt(task.daemon_id);
}

void Instance::Resume(Broker::ClientId client) {
  queue_.Resume(client);
  PumpLater();
}

void Instance::PumpLater() {
  if (pump_posted_) return;
  pump_posted_ = true;
  executor_->Post([this, alive = std::weak_ptr<char>(alive_)] {
    if (alive.expired()) return;
    pump_posted_ = false;
    Pump();
  });
}

void Instance::Pump() {
  if (pumping_) return;  // The loop below goes on.
  pumping_ = true;
  if (state_ != v1::INSTANCE_STATE_READY) {
    EndAll(queue_.TakeAll(),
           absl::UnavailableError(absl::StrCat("instance ", name_, " is not ready",
                                               error_.empty() ? "" : ": ", error_)));
  }
  while (state_ == v1::INSTANCE_STATE_READY &&
         outstanding_.size() < static_cast<size_t>(options_.window) &&
         outstanding_.not_started() < static_cast<size_t>(options_.queue_window)) {
    std::optional<Broker::ClientId> client = queue_.Turn();
    if (!client) break;
    if (host_->WantsMore(*client)) {
      Issue(queue_.Take());
    } else {
      queue_.Pause();
    }
  }
  pumping_ = false;
}

void Instance::Issue(Task* task) {
  absl::StatusOr<std::string> command = task->command(info_->version_date);
  absl::Status status = command.ok() ? session_->Send(*command) : command.status();
  if (!status.ok()) {
    return host_->End(task, v1::TASK_OUTCOME_REJECTED, std::move(status), "", nullptr);
  }
  task->command = nullptr;
  outstanding_.Sent(task, *std::move(command));
}

v1::Instance Instance::Snapshot() const {
  v1::Instance instance;
  instance.set_name(name_);
  instance.set_endpoint(endpoint_);
  instance.set_state(state_);
  SetTime(since_, instance.mutable_since());
  instance.set_error(error_);
  if (info_) {
    instance.set_version(info_->version);
    if (info_->pps) instance.set_pps(*info_->pps);
    if (info_->monitor_name) instance.set_monitor_name(*info_->monitor_name);
  }
  if (list_) *instance.mutable_list() = *list_;
  if (cycle_) *instance.mutable_cycle() = *cycle_;
  instance.set_outstanding(outstanding_.size());
  instance.set_queued(queue_.size());
  *instance.mutable_ledger() = ledger_.counts();
  instance.set_warts_preamble(preamble_);
  return instance;
}

}  // namespace scamper::broker
