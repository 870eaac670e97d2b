// SPDX-License-Identifier: Apache-2.0
#include "server/broker/broker.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/broker/allowance.h"
#include "server/broker/instance.h"
#include "server/broker/ledger.h"
#include "server/broker/task.h"

namespace scamper::broker {
namespace {

// With as many, what is kept of owners without clients is dropped where it says nothing any more.
constexpr size_t kManyOwners = 1000;

// Everything that goes out to clients and watchers, and everything that is sent to scamper, happens
// in Turn, which the executor runs; so calls from inside their functions only queue more.
class InstanceBroker final : public Broker, public InstanceHost {
 public:
  InstanceBroker(BrokerOptions options, base::Executor* executor, const RecordReader* reader)
      : options_(std::move(options)), executor_(executor), reader_(reader) {}

  absl::Status AddInstance(InstanceSpec spec) override;
  void UpdateInstance(absl::string_view name, v1::VantagePoint vantage_point) override;
  bool RemoveInstance(absl::string_view name, absl::string_view reason) override;
  bool HasInstance(absl::string_view name) override { return by_name_.contains(name); }
  std::vector<v1::Instance> Instances() override;
  std::vector<std::string> Names() override;
  std::optional<v1::Instance> Find(absl::string_view name) override;
  uint64_t Watch(Watcher watcher) override;
  void Unwatch(uint64_t watch) override { watches_.erase(watch); }
  ClientId AddClient(TaskClient* client, absl::string_view owner) override;
  void RemoveClient(ClientId client) override;
  absl::Status OpenOwn(ClientId client, absl::string_view instance,
                       const control::Attachment& attachment) override;
  absl::StatusOr<TaskId> Submit(ClientId client, TaskSpec spec) override;
  void Halt(TaskId task, v1::TaskOutcome outcome) override;
  void Resume(ClientId client) override;
  v1::Ledger ledger() const override { return ledger_.counts(); }
  uint64_t unmatched_records() const override { return unmatched_; }
  void Shutdown(absl::Duration grace, std::function<void()> done) override;

  bool MayIssue(Task* task) override;
  void Progress(const Task& task, std::string record,
                std::shared_ptr<const RecordedUnder> under) override;
  void Issued(const Task& task) override;
  void Ended(Task* task, TaskEnd end) override;
  void Changed(const Instance& instance) override;
  void Unmatched() override { ++unmatched_; }
  void WakeUp(Instance* instance) override;

 private:
  struct Client {
    TaskClient* client;
    // Null where there are no limits.
    std::shared_ptr<Allowance> allowance;
    absl::flat_hash_set<TaskId> tasks;
    // OpenOwn was called for it.
    bool has_own = false;
  };
  struct Watched {
    // A pointer, so that it may end its own watch.
    std::shared_ptr<Watcher> watcher;
    // Changes up to this one were in its first call.
    uint64_t after;
  };
  // For a client, or for the watchers.
  struct Event {
    enum class Kind { kProgress, kEnd, kChange, kOwnChange } kind;
    ClientId client = 0;
    TaskEnd end;
    uint64_t change = 0;
    v1::Instance instance = {};
  };

  void WakeUp();
  void Turn();
  void Deliver(Event event);
  void NotifyWatchers(const Event& event);
  void FinishShutdown();
  Instance* FindInstance(absl::string_view name);
  std::shared_ptr<Allowance> AllowanceOf(absl::string_view owner);

  const BrokerOptions options_;
  base::Executor* const executor_;
  const RecordReader* const reader_;

  std::vector<std::unique_ptr<Instance>> instances_;
  // Destroyed at the end of the next Turn, when nothing is under way in them.
  std::vector<std::unique_ptr<Instance>> removed_;
  absl::flat_hash_map<std::string, Instance*> by_name_;
  absl::flat_hash_map<TaskId, std::unique_ptr<Task>> tasks_;
  absl::flat_hash_map<ClientId, Client> clients_;
  // By owner.
  absl::flat_hash_map<std::string, std::shared_ptr<Allowance>> allowances_;
  std::map<uint64_t, Watched> watches_;
  TaskId last_task_ = 0;
  ClientId last_client_ = 0;
  uint64_t last_watch_ = 0;
  uint64_t last_change_ = 0;
  Ledger ledger_;
  uint64_t unmatched_ = 0;

  std::deque<Event> events_;
  // Instances whose Turn is due.
  std::vector<Instance*> awake_;
  bool turn_posted_ = false;
  // Functions given to the executor do nothing when this is gone.
  std::shared_ptr<InstanceBroker*> self_ = std::make_shared<InstanceBroker*>(this);

  bool shutting_down_ = false;
  std::vector<std::function<void()>> shutdown_done_;
  std::unique_ptr<base::Timer> grace_timer_;
};

// ---- instances

absl::Status InstanceBroker::AddInstance(InstanceSpec spec) {
  if (shutting_down_) return absl::UnavailableError("server is shutting down");
  if (by_name_.contains(spec.name)) {
    return absl::AlreadyExistsError(absl::StrCat("an instance is named '", spec.name, "' already"));
  }
  instances_.push_back(
      std::make_unique<Instance>(std::move(spec), options_, executor_, reader_, this));
  Instance* const added = instances_.back().get();
  by_name_[added->name()] = added;
  added->Start();
  return absl::OkStatus();
}

void InstanceBroker::UpdateInstance(absl::string_view name, v1::VantagePoint vantage_point) {
  if (Instance* instance = FindInstance(name)) instance->Update(std::move(vantage_point));
}

bool InstanceBroker::RemoveInstance(absl::string_view name, absl::string_view reason) {
  Instance* const instance = FindInstance(name);
  if (instance == nullptr) return false;
  by_name_.erase(name);
  const auto it = std::find_if(instances_.begin(), instances_.end(),
                               [&](const auto& known) { return known.get() == instance; });
  removed_.push_back(std::move(*it));
  instances_.erase(it);
  instance->Remove(reason);
  return true;
}

std::vector<v1::Instance> InstanceBroker::Instances() {
  std::vector<v1::Instance> out;
  for (const auto& instance : instances_) out.push_back(instance->Snapshot());
  return out;
}

std::vector<std::string> InstanceBroker::Names() {
  std::vector<std::string> out;
  for (const auto& instance : instances_) out.push_back(instance->name());
  return out;
}

Instance* InstanceBroker::FindInstance(absl::string_view name) {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : it->second;
}

std::optional<v1::Instance> InstanceBroker::Find(absl::string_view name) {
  const Instance* instance = FindInstance(name);
  if (instance == nullptr) return std::nullopt;
  return instance->Snapshot();
}

uint64_t InstanceBroker::Watch(Watcher watcher) {
  const auto kept = std::make_shared<Watcher>(std::move(watcher));
  const uint64_t watch = ++last_watch_;
  watches_[watch] = {kept, last_change_};
  for (const v1::Instance& instance : Instances()) (*kept)(instance);
  return watch;
}

// ---- clients and tasks

Broker::ClientId InstanceBroker::AddClient(TaskClient* client, absl::string_view owner) {
  clients_[++last_client_] = {client, AllowanceOf(owner), {}};
  return last_client_;
}

std::shared_ptr<Allowance> InstanceBroker::AllowanceOf(absl::string_view owner) {
  if (owner.empty() || !options_.client_limits.any()) return nullptr;
  if (allowances_.size() >= kManyOwners && !allowances_.contains(owner)) {
    absl::erase_if(allowances_, [](const auto& entry) {
      return entry.second.use_count() == 1 && entry.second->IsIdle();
    });
  }
  std::shared_ptr<Allowance>& allowance = allowances_[owner];
  if (allowance == nullptr) {
    allowance = std::make_shared<Allowance>(options_.client_limits, executor_,
                                            [this](const Allowance::Waiter& waiter) {
                                              Instance* instance = FindInstance(waiter.first);
                                              if (instance != nullptr)
                                                instance->Resume(waiter.second);
                                            });
  }
  return allowance;
}

void InstanceBroker::RemoveClient(ClientId client) {
  auto removed = clients_.extract(client);
  if (removed.empty()) return;
  const Client& gone = removed.mapped();
  std::vector<TaskId> tasks(gone.tasks.begin(), gone.tasks.end());
  std::sort(tasks.begin(), tasks.end());
  for (TaskId task : tasks) Halt(task, v1::TASK_OUTCOME_HALTED);
  if (!gone.has_own) return;
  for (const auto& instance : instances_) instance->CloseOwn(client);
}

absl::Status InstanceBroker::OpenOwn(ClientId client, absl::string_view name,
                                     const control::Attachment& attachment) {
  if (shutting_down_) return absl::UnavailableError("server is shutting down");
  const auto owner = clients_.find(client);
  if (owner == clients_.end()) return absl::FailedPreconditionError("the client was removed");
  Instance* instance = FindInstance(name);
  if (instance == nullptr) {
    return absl::NotFoundError(absl::StrCat("no instance is named '", name, "'"));
  }
  const absl::StatusOr<std::string> command = control::AttachCommand(attachment);
  if (!command.ok()) return command.status();
  owner->second.has_own = true;
  return instance->OpenOwn(client, attachment);
}

absl::StatusOr<TaskId> InstanceBroker::Submit(ClientId client, TaskSpec spec) {
  if (shutting_down_) return absl::UnavailableError("server is shutting down");
  const auto owner = clients_.find(client);
  if (owner == clients_.end()) return absl::FailedPreconditionError("the client was removed");
  Instance* instance = FindInstance(spec.instance);
  if (instance == nullptr) {
    return absl::NotFoundError(absl::StrCat("no instance is named '", spec.instance, "'"));
  }
  Allowance* allowance = spec.may_wait ? nullptr : owner->second.allowance.get();
  if (allowance != nullptr) {
    const absl::Status taken = allowance->Take(spec.packets);
    if (!taken.ok()) return taken;
  }
  auto task = std::make_unique<Task>();
  task->id = ++last_task_;
  task->client = client;
  task->instance = instance->For(client);
  task->command = std::move(spec.command);
  task->key = std::move(spec.key);
  task->exclusion = std::move(spec.exclusion);
  task->packets = spec.packets;
  task->allowance = allowance;
  owner->second.tasks.insert(task->id);
  ledger_.Accept();
  instance->ledger().Accept();
  Task* const raw = task.get();
  tasks_[raw->id] = std::move(task);
  raw->instance->Take(raw);
  return last_task_;
}

void InstanceBroker::Halt(TaskId id, v1::TaskOutcome outcome) {
  const auto it = tasks_.find(id);
  if (it == tasks_.end()) return;
  Task* task = it->second.get();
  if (task->requested != v1::TASK_OUTCOME_UNSPECIFIED) return;
  task->requested = outcome;
  task->instance->Halt(task);
}

void InstanceBroker::Resume(ClientId client) {
  for (const auto& instance : instances_) instance->Resume(client);
}

bool InstanceBroker::MayIssue(Task* task) {
  const auto it = clients_.find(task->client);
  if (it == clients_.end()) return true;
  const Client& client = it->second;
  if (!client.client->WantsMore()) return false;
  if (client.allowance == nullptr || task->allowance != nullptr) return true;
  if (!client.allowance->TakeOrWait(task->packets, {task->instance->name(), task->client})) {
    return false;
  }
  task->allowance = client.allowance.get();
  return true;
}

// ---- events

void InstanceBroker::Progress(const Task& task, std::string record,
                              std::shared_ptr<const RecordedUnder> under) {
  Event event{Event::Kind::kProgress, task.client, {}};
  event.end.task = task.id;
  event.end.record = std::move(record);
  event.end.under = std::move(under);
  events_.push_back(std::move(event));
  WakeUp();
}

void InstanceBroker::Issued(const Task& task) {
  const auto it = clients_.find(task.client);
  if (it != clients_.end()) it->second.client->OnIssued(task.id);
}

void InstanceBroker::Ended(Task* task, TaskEnd end) {
  end.task = task->id;
  ledger_.End(end.outcome);
  task->instance->ledger().End(end.outcome);
  if (task->allowance != nullptr) task->allowance->Ended();
  if (const auto owner = clients_.find(task->client); owner != clients_.end()) {
    owner->second.tasks.erase(task->id);
    events_.push_back({Event::Kind::kEnd, task->client, std::move(end)});
  }
  tasks_.erase(task->id);
  WakeUp();
}

void InstanceBroker::Changed(const Instance& instance) {
  if (instance.client() != 0) {
    events_.push_back({Event::Kind::kOwnChange, instance.client(), {}, 0, instance.Snapshot()});
  } else {
    events_.push_back({Event::Kind::kChange, 0, {}, ++last_change_, instance.Snapshot()});
  }
  WakeUp();
}

void InstanceBroker::WakeUp(Instance* instance) {
  awake_.push_back(instance);
  WakeUp();
}

void InstanceBroker::WakeUp() {
  if (std::exchange(turn_posted_, true)) return;
  executor_->Post([self = std::weak_ptr<InstanceBroker*>(self_)] {
    if (const auto broker = self.lock()) (*broker)->Turn();
  });
}

void InstanceBroker::Turn() {
  turn_posted_ = false;
  const std::vector<std::unique_ptr<Instance>> dying = std::exchange(removed_, {});
  for (size_t due = events_.size(); due > 0; --due) {
    Event event = std::move(events_.front());
    events_.pop_front();
    Deliver(std::move(event));
  }
  for (Instance* instance : std::exchange(awake_, {})) instance->Turn();
  for (const auto& dead : dying) {
    awake_.erase(std::remove_if(awake_.begin(), awake_.end(),
                                [&](const Instance* awake) {
                                  return awake == dead.get() || awake->shared() == dead.get();
                                }),
                 awake_.end());
  }
  if (!events_.empty()) return WakeUp();
  if (!shutdown_done_.empty() && tasks_.empty()) FinishShutdown();
}

void InstanceBroker::Deliver(Event event) {
  if (event.kind == Event::Kind::kChange) return NotifyWatchers(event);
  const auto it = clients_.find(event.client);
  if (it == clients_.end()) return;
  TaskClient* const client = it->second.client;
  if (event.kind == Event::Kind::kEnd) return client->OnEnd(std::move(event.end));
  if (event.kind == Event::Kind::kOwnChange) return client->OnOwnChanged(event.instance);
  client->OnProgress(event.end.task, std::move(event.end.record), std::move(event.end.under));
}

void InstanceBroker::NotifyWatchers(const Event& event) {
  std::vector<uint64_t> ids;
  for (const auto& [id, watch] : watches_) {
    if (watch.after < event.change) ids.push_back(id);
  }
  for (uint64_t id : ids) {
    const auto it = watches_.find(id);
    if (it == watches_.end()) continue;
    const std::shared_ptr<Watcher> watcher = it->second.watcher;
    (*watcher)(event.instance);
  }
}

// ---- the end

void InstanceBroker::Shutdown(absl::Duration grace, std::function<void()> done) {
  shutdown_done_.push_back(std::move(done));
  WakeUp();
  if (std::exchange(shutting_down_, true)) return;
  std::vector<TaskId> open;
  open.reserve(tasks_.size());
  for (const auto& [id, task] : tasks_) open.push_back(id);
  std::sort(open.begin(), open.end());
  for (TaskId id : open) Halt(id, v1::TASK_OUTCOME_HALTED);
  grace_timer_ = executor_->After(grace, [this] {
    for (const auto& instance : instances_) instance->Stop("server is shutting down");
  });
}

void InstanceBroker::FinishShutdown() {
  grace_timer_.reset();
  for (const auto& instance : instances_) instance->Stop("server is shutting down");
  for (const auto& done : std::exchange(shutdown_done_, {})) done();
}

}  // namespace

std::unique_ptr<Broker> MakeBroker(BrokerOptions options, base::Executor* executor,
                                   const RecordReader* reader) {
  return std::make_unique<InstanceBroker>(std::move(options), executor, reader);
}

}  // namespace scamper::broker
