// SPDX-License-Identifier: Apache-2.0
#include "server/broker/instance.h"

#include <algorithm>
#include <utility>

#include "absl/random/uniform_real_distribution.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"

namespace scamper::broker {
namespace {

// So that thousands of commands that fail do not hold up the control thread.
constexpr int kTasksPerTurn = 256;

// A rejection before 20240229, all of it; the newest release before that which matters (20240117
// was short-lived, and takes the commands of this one).
constexpr absl::string_view kNoReason = "command not accepted";
constexpr int kNewestWithoutReasons = 20230614;
// The newest release before 20230224, which sends the number of the task with a result.
constexpr int kNewestWithoutIds = 20211212;

// Of the warts header: magic number, type, length of the rest.
constexpr size_t kHeaderSize = 8;
constexpr uint16_t kMagic = 0x1205;
constexpr uint16_t kList = 1;
constexpr uint16_t kCycleStart = 2;
constexpr uint16_t kCycleDefinition = 3;
constexpr uint16_t kCycleStop = 4;
constexpr uint16_t kAddress = 5;

uint16_t BigEndian16(absl::string_view bytes, size_t at) {
  return static_cast<uint16_t>(static_cast<uint8_t>(bytes[at]) << 8 |
                               static_cast<uint8_t>(bytes[at + 1]));
}

// 0 where it is no record.
uint16_t RecordType(absl::string_view record) {
  if (record.size() < kHeaderSize || BigEndian16(record, 0) != kMagic) return 0;
  return BigEndian16(record, 2);
}

}  // namespace

Instance::Instance(InstanceSpec spec, const BrokerOptions& options, base::Executor* executor,
                   const RecordReader* reader, InstanceHost* host)
    : spec_(std::move(spec)),
      options_(options),
      executor_(executor),
      reader_(reader),
      host_(host),
      since_(executor->Now()) {
  if (!spec_.version.empty()) SetVersion(spec_.version, v1::VERSION_SOURCE_CONFIGURED);
}

Instance::Instance(Instance* shared, Broker::ClientId client,
                   std::unique_ptr<control::Connector> connector)
    : spec_{shared->spec_.name,   shared->spec_.endpoint,      std::move(connector),
            shared->spec_.source, shared->spec_.vantage_point, shared->spec_.version},
      shared_(shared),
      client_(client),
      options_(shared->options_),
      executor_(shared->executor_),
      reader_(shared->reader_),
      host_(shared->host_),
      since_(executor_->Now()) {}

void Instance::Start() {
  host_->Changed(*this);
  Connect();
}

void Instance::Stop(absl::string_view reason) {
  if (std::exchange(stopped_, true)) return;
  for (const auto& [client, own] : own_) own->Stop(reason);
  Lose(std::string(reason));
  old_session_.reset();
}

void Instance::Remove(absl::string_view reason) {
  stopped_ = true;
  for (const auto& [client, own] : own_) own->Remove(reason);
  // Where a connection cannot be closed by itself, the daemon would go on.
  const std::vector<Task*> out = out_.TakeAll();
  for (const Task* task : out) {
    if (session_ != nullptr && task->state == Task::State::kAccepted &&
        task->requested == v1::TASK_OUTCOME_UNSPECIFIED) {
      session_->Halt(task->daemon_id);
    }
  }
  Lose(std::string(reason), v1::INSTANCE_STATE_GONE);
  for (Task* task : out) EndAsLost(task);
}

absl::Status Instance::OpenOwn(Broker::ClientId client, const control::Attachment& attachment) {
  if (!ready()) {
    return absl::UnavailableError(absl::StrCat("instance ", spec_.name, " is not ready"));
  }
  const bool too_old = version_date_ != 0 && version_date_ < control::kAttachmentSince;
  if (too_old && !control::IsEmpty(attachment)) {
    return absl::FailedPreconditionError(
        absl::StrCat("instance ", spec_.name, " runs scamper ", version_,
                     "; a list or cycle of a client's own needs ", control::kAttachmentSince));
  }
  std::unique_ptr<control::Connector> connector = spec_.connector->Attaching(attachment);
  if (connector == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "instance ", spec_.name,
        " is attached by sc_remoted; it cannot have a list or cycle of a client's own"));
  }
  std::unique_ptr<Instance>& own = own_[client];
  if (own != nullptr) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a connection of the client's own to instance ", spec_.name));
  }
  own = std::unique_ptr<Instance>(new Instance(this, client, std::move(connector)));
  own->Start();
  return absl::OkStatus();
}

void Instance::CloseOwn(Broker::ClientId client) {
  const auto it = own_.find(client);
  if (it == own_.end()) return;
  it->second->closing_ = true;
  it->second->WakeUp();
}

Instance* Instance::For(Broker::ClientId client) {
  const auto it = own_.find(client);
  return it == own_.end() ? this : it->second.get();
}

void Instance::Update(v1::VantagePoint vantage_point) {
  if (!spec_.vantage_point ||
      !google::protobuf::util::MessageDifferencer::Equals(*spec_.vantage_point, vantage_point)) {
    spec_.vantage_point = std::move(vantage_point);
    host_->Changed(*this);
  }
  if (state_ != v1::INSTANCE_STATE_LOST || session_ != nullptr || stopped_) return;
  failures_ = 0;
  timer_ = executor_->After(absl::ZeroDuration(), [this] { Connect(); });
}

v1::Instance Instance::Snapshot() const {
  v1::Instance out;
  out.set_name(spec_.name);
  out.set_endpoint(spec_.endpoint);
  out.set_source(spec_.source);
  if (spec_.vantage_point) *out.mutable_vantage_point() = *spec_.vantage_point;
  out.set_state(state_);
  const int64_t micros = absl::ToUnixMicros(since_);
  out.mutable_since()->set_seconds(micros / 1000000);
  out.mutable_since()->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
  out.set_error(error_);
  out.set_version(version_);
  out.set_version_source(version_source_);
  *out.mutable_capabilities() = {capabilities_.begin(), capabilities_.end()};
  if (info_.pps) out.set_pps(static_cast<uint32_t>(*info_.pps));
  if (info_.monitor_name) out.set_monitor_name(*info_.monitor_name);
  if (under_ != nullptr) {
    *out.mutable_list() = under_->list;
    *out.mutable_cycle() = under_->cycle;
    out.set_warts_preamble(absl::StrCat(list_record_, cycle_record_));
  }
  size_t outstanding = out_.size();
  size_t queued = waiting();
  for (const auto& [client, own] : own_) {
    outstanding += own->out_.size();
    queued += own->waiting();
  }
  out.set_outstanding(outstanding);
  out.set_queued(queued);
  *out.mutable_ledger() = ledger_.counts();
  return out;
}

// ---- tasks

void Instance::Take(Task* task) {
  const bool may_wait = shared_ != nullptr && state_ == v1::INSTANCE_STATE_CONNECTING;
  if (!ready() && !may_wait) return EndAsLost(task);
  queue_.Push(task);
  WakeUp();
}

void Instance::Halt(Task* task) {
  switch (task->state) {
    case Task::State::kQueued: {
      task->set_aside ? TakeBack(task) : queue_.Remove(task);
      const v1::TaskOutcome outcome = task->requested;
      absl::Status status =
          outcome == v1::TASK_OUTCOME_EXPIRED
              ? absl::DeadlineExceededError("the time was over before the task was sent to scamper")
              : absl::CancelledError("halted before the task was sent to scamper");
      return End(task, {0, outcome, std::move(status), {}, under_});
    }
    case Task::State::kSent:
      return;  // OnAccepted halts it.
    case Task::State::kAccepted:
      return session_->Halt(task->daemon_id);
  }
}

void Instance::Resume(Broker::ClientId client) {
  if (Instance* own = For(client); own != this) own->Resume(client);
  queue_.Resume(client);
  if (CanIssue()) WakeUp();
}

bool Instance::CanIssue() const {
  return ready() && out_.size() < static_cast<size_t>(std::max(1, options_.window)) &&
         out_.not_started() < static_cast<size_t>(std::max(1, options_.queue_window)) &&
         queue_.Turn().has_value();
}

void Instance::WakeUp() {
  if (!std::exchange(awake_, true)) host_->WakeUp(this);
}

void Instance::Turn() {
  awake_ = false;
  old_session_.reset();
  if (closing_ && idle()) {
    shared_->own_.erase(client_);
    return;
  }
  for (int i = 0; i < kTasksPerTurn; ++i) {
    if (!CanIssue()) return;
    if (IsExcluded(queue_.Front())) {
      SetAside(queue_.Take());
    } else if (host_->MayIssue(queue_.Front())) {
      Issue(queue_.Take());
    } else {
      queue_.Pause();
    }
  }
  if (CanIssue()) WakeUp();
}

void Instance::Issue(Task* task) {
  absl::StatusOr<std::string> command = std::exchange(task->command, nullptr)(version_date_);
  if (!command.ok()) {
    const v1::TaskOutcome outcome = absl::IsPermissionDenied(command.status())
                                        ? v1::TASK_OUTCOME_REFUSED
                                        : v1::TASK_OUTCOME_REJECTED;
    return End(task, {0, outcome, command.status(), {}, under_});
  }
  const absl::Status sent = session_->Send(*command);
  if (absl::IsInvalidArgument(sent)) {
    return End(task, {0, v1::TASK_OUTCOME_REJECTED, sent, {}, under_});
  }
  if (!sent.ok()) {
    Lose(std::string(sent.message()));
    return EndAsLost(task);
  }
  if (session_ == nullptr) return EndAsLost(task);
  if (!task->exclusion.empty() && version_date_ < kExclusionUntil) {
    root().exclusions_.try_emplace(task->exclusion);
    task->excludes = true;
  }
  out_.Sent(task, *std::move(command));
  host_->Issued(*task);
}

void Instance::End(Task* task, TaskEnd end) {
  const std::string freed = task->excludes ? std::move(task->exclusion) : "";
  host_->Ended(task, std::move(end));
  if (freed.empty()) return;
  const auto it = root().exclusions_.find(freed);
  if (it == root().exclusions_.end()) return;
  TaskList waiting = it->second;
  root().exclusions_.erase(it);
  while (!waiting.empty()) {
    Task* next = waiting.front();
    waiting.Remove(next);
    next->set_aside = false;
    --next->instance->set_aside_;
    next->instance->Take(next);
  }
}

bool Instance::IsExcluded(const Task* task) {
  return !task->exclusion.empty() && version_date_ < kExclusionUntil &&
         root().exclusions_.contains(task->exclusion);
}

void Instance::SetAside(Task* task) {
  root().exclusions_.at(task->exclusion).PushBack(task);
  task->set_aside = true;
  ++set_aside_;
}

void Instance::TakeBack(Task* task) {
  root().exclusions_.at(task->exclusion).Remove(task);
  task->set_aside = false;
  --set_aside_;
}

std::vector<Task*> Instance::TakeAllSetAside() {
  std::vector<Task*> mine;
  if (set_aside_ == 0) return mine;
  for (const auto& [exclusion, tasks] : root().exclusions_) {
    for (Task* task = tasks.front(); task != nullptr; task = task->next) {
      if (task->instance == this) mine.push_back(task);
    }
  }
  for (Task* task : mine) TakeBack(task);
  return mine;
}

void Instance::EndAsLost(Task* task) {
  std::string why = absl::StrCat("instance ", spec_.name, " lost: ", error_);
  if (state_ == v1::INSTANCE_STATE_CONNECTING) {
    why = absl::StrCat("instance ", spec_.name, " is not ready: it is being connected to");
  } else if (state_ == v1::INSTANCE_STATE_GONE) {
    why = absl::StrCat("instance ", spec_.name, " is gone: ", error_);
  }
  End(task, {0, v1::TASK_OUTCOME_INSTANCE_LOST, absl::UnavailableError(why), {}, under_});
}

// ---- the connection

void Instance::Connect() {
  old_session_.reset();
  timer_ = executor_->After(options_.handshake_timeout, [this] {
    Lose(absl::StrCat("not ready within ", absl::FormatDuration(options_.handshake_timeout)));
  });
  session_ = spec_.connector->Connect(this);
}

void Instance::BecomeReady() {
  timer_.reset();
  failures_ = 0;
  under_ = std::exchange(reading_, nullptr);
  state_ = v1::INSTANCE_STATE_READY;
  since_ = executor_->Now();
  error_.clear();
  host_->Changed(*this);
  WakeUp();
}

void Instance::Lose(const std::string& reason, v1::InstanceState state) {
  timer_.reset();
  if (session_ != nullptr) old_session_ = std::move(session_);
  WakeUp();
  const bool changed = state_ != state || error_ != reason;
  if (state_ != state) since_ = executor_->Now();
  state_ = state;
  error_ = reason;
  for (Task* task : TakeAllSetAside()) EndAsLost(task);
  for (Task* task : out_.TakeAll()) EndAsLost(task);
  for (Task* task : queue_.TakeAll()) EndAsLost(task);
  attached_ = false;
  list_record_.clear();
  cycle_record_.clear();
  reading_.reset();
  under_.reset();
  if (changed) host_->Changed(*this);
  if (!stopped_) RetryLater();
}

void Instance::RetryLater() {
  absl::Duration delay = options_.backoff_min;
  for (int i = 0; i < failures_ && delay < options_.backoff_max; ++i) delay *= 2;
  delay = std::min(delay, options_.backoff_max);
  ++failures_;
  timer_ = executor_->After(delay * absl::uniform_real_distribution<double>(0.5, 1)(random_),
                            [this] { Connect(); });
}

// ---- what the session reports

void Instance::OnAttached(const control::DaemonInfo& info) {
  if (session_ == nullptr) return;
  info_ = info;
  attached_ = true;
  if (!info.version.empty()) {
    SetVersion(info.version, v1::VERSION_SOURCE_ASKED);
  } else if (version_source_ != v1::VERSION_SOURCE_CONFIGURED) {
    SetVersion(spec_.version, spec_.version.empty() ? v1::VERSION_SOURCE_UNSPECIFIED
                                                    : v1::VERSION_SOURCE_CONFIGURED);
  }
}

void Instance::SetVersion(std::string version, v1::VersionSource source) {
  version_ = std::move(version);
  version_date_ = control::VersionDate(version_);
  version_source_ = source;
  capabilities_.clear();
  if (version_date_ != 0 && options_.capabilities) {
    capabilities_ = options_.capabilities(version_date_);
  }
}

bool Instance::LearnVersion(int taken_for) {
  const bool learn = version_source_ == v1::VERSION_SOURCE_UNSPECIFIED ||
                     (version_source_ == v1::VERSION_SOURCE_LEARNT && version_date_ > taken_for);
  if (!learn) return false;
  SetVersion(absl::StrCat(taken_for), v1::VERSION_SOURCE_LEARNT);
  host_->Changed(*this);
  return true;
}

void Instance::OnAccepted(uint32_t id) {
  if (session_ == nullptr) return;
  Task* task = out_.Accepted(id);
  if (task == nullptr) return Lose(absl::StrCat("scamper sent an unexpected id, ", id));
  if (task->requested != v1::TASK_OUTCOME_UNSPECIFIED) session_->Halt(id);
}

void Instance::OnRejected(absl::string_view text) {
  if (session_ == nullptr) return;
  std::optional<Outstanding::Refused> refused = out_.Rejected();
  if (!refused) return Lose(absl::StrCat("scamper sent an unexpected error: ", text));
  End(refused->task, {0, v1::TASK_OUTCOME_REJECTED, Rejection(*refused, text), {}, under_});
  WakeUp();
}

absl::Status Instance::Rejection(const Outstanding::Refused& refused, absl::string_view text) {
  std::string message = absl::StrCat("scamper rejected '", refused.command, "': ", text);
  if (text == kNoReason && LearnVersion(kNewestWithoutReasons)) {
    absl::StrAppend(&message, " (without a reason, as versions before 20240229 do: instance ",
                    spec_.name, " is taken for ", kNewestWithoutReasons, " from now on)");
  } else if (version_source_ != v1::VERSION_SOURCE_ASKED &&
             absl::StrContains(text, ": could not ")) {
    absl::StrAppend(&message, " (the version of instance ", spec_.name,
                    version_.empty()
                        ? " is not known"
                        : absl::StrCat(" is not known for sure, ", version_, " is assumed"),
                    "; it may lack this)");
  }
  return absl::AbortedError(message);
}

void Instance::OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) {
  if (session_ == nullptr) return;
  if (id) return MeasurementRecord(out_.Find(*id), in_progress, std::move(record));
  const uint16_t type = RecordType(record);
  if (type == kList || type == kCycleStart || type == kCycleDefinition) {
    return ReadMetadata(type, std::move(record));
  }
  if (type == kCycleStop || type == kAddress) return;
  LearnVersion(kNewestWithoutIds);
  const absl::StatusOr<ResultKey> key =
      type != 0 ? reader_->Key(record) : absl::DataLossError("no warts record");
  MeasurementRecord(key.ok() ? out_.Find(*key) : nullptr, in_progress, std::move(record));
}

void Instance::ReadMetadata(uint16_t type, std::string record) {
  std::string& kept = type == kList ? list_record_ : cycle_record_;
  if (ready() || !attached_ || !kept.empty()) return;
  if (reading_ == nullptr) reading_ = std::make_shared<RecordedUnder>();
  const absl::Status read = type == kList ? reader_->ReadList(record, &reading_->list)
                                          : reader_->ReadCycle(record, &reading_->cycle);
  if (!read.ok()) {
    return Lose(
        absl::StrCat(type == kList ? "list" : "cycle", " record: ", std::string(read.message())));
  }
  kept = std::move(record);
  if (!list_record_.empty() && !cycle_record_.empty()) BecomeReady();
}

void Instance::MeasurementRecord(Task* task, bool in_progress, std::string record) {
  if (task == nullptr) {
    if (!in_progress) host_->Unmatched();
    return;
  }
  if (in_progress) {
    out_.Started(task);
    host_->Progress(*task, std::move(record), under_);
  } else {
    out_.Finished(task);
    const v1::TaskOutcome outcome =
        task->requested != v1::TASK_OUTCOME_UNSPECIFIED ? task->requested : v1::TASK_OUTCOME_RESULT;
    End(task, {0, outcome, absl::OkStatus(), std::move(record), under_});
  }
  WakeUp();
}

void Instance::OnMore() {
  if (session_ == nullptr) return;
  out_.More();
  WakeUp();
}

void Instance::OnHalted(uint32_t id, bool known) {
  if (session_ != nullptr && known) out_.HaltConfirmed(id);
}

void Instance::OnClosed(absl::Status status) {
  if (session_ == nullptr) return;
  Lose(status.ok() ? "the connection was closed" : std::string(status.message()));
}

}  // namespace scamper::broker
