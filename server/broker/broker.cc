// SPDX-License-Identifier: Apache-2.0
#include "server/broker/broker.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/broker/instance.h"
#include "server/broker/ledger.h"
#include "server/broker/task.h"

namespace scamper::broker {
namespace {

absl::Status ShuttingDown() { return absl::UnavailableError("server is shutting down"); }

class BrokerImpl final : public Broker, public InstanceHost {
 public:
  BrokerImpl(const BrokerOptions& options, base::Executor* executor, const RecordReader* reader)
      : options_(options), executor_(executor), reader_(reader) {}

  absl::Status AddInstance(std::string name, std::string endpoint,
                           std::unique_ptr<control::Connector> connector) override {
    if (by_name_.contains(name)) {
      return absl::AlreadyExistsError(absl::StrCat("an instance is named '", name, "' already"));
    }
    instances_.push_back(std::make_unique<Instance>(name, std::move(endpoint), std::move(connector),
                                                    options_, executor_, reader_, this));
    by_name_[std::move(name)] = instances_.back().get();
    instances_.back()->Start();
    Changed(*instances_.back());
    return absl::OkStatus();
  }

  std::vector<v1::Instance> Instances() override {
    std::vector<v1::Instance> all;
    for (const auto& instance : instances_) all.push_back(instance->Snapshot());
    return all;
  }

  std::vector<std::string> Names() override {
    std::vector<std::string> names;
    for (const auto& instance : instances_) names.push_back(instance->name());
    return names;
  }

  std::optional<v1::Instance> Find(absl::string_view name) override {
    auto it = by_name_.find(name);
    if (it == by_name_.end()) return std::nullopt;
    return it->second->Snapshot();
  }

  uint64_t Watch(Watcher watcher) override {
    for (const auto& instance : instances_) watcher(instance->Snapshot());
    watchers_.emplace(++last_watch_, std::move(watcher));
    return last_watch_;
  }

  void Unwatch(uint64_t watch) override { watchers_.erase(watch); }

  ClientId AddClient(TaskClient* client) override {
    clients_[++last_client_].client = client;
    return last_client_;
  }

  void RemoveClient(ClientId client) override {
    auto it = clients_.find(client);
    if (it == clients_.end()) return;
    const absl::flat_hash_set<TaskId> tasks = std::move(it->second.tasks);
    clients_.erase(it);
    for (TaskId id : tasks) {
      Task* task = tasks_.at(id).get();
      const bool queued = task->state == Task::State::kQueued && Unhalted(*task);
      if (Unhalted(*task)) task->requested = v1::TASK_OUTCOME_HALTED;
      if (queued) {
        task->instance->RemoveQueued(task);
        End(task, task->requested, absl::OkStatus(), "", nullptr);
      } else {
        task->instance->HaltOut(*task);
      }
    }
  }

  absl::StatusOr<TaskId> Submit(ClientId client, TaskSpec spec) override {
    if (shutting_down_) return ShuttingDown();
    auto it = by_name_.find(spec.instance);
    if (it == by_name_.end()) {
      return absl::NotFoundError(absl::StrCat("no instance is named '", spec.instance, "'"));
    }
    auto owned = std::make_unique<Task>();
    Task* task = owned.get();
    task->id = ++last_task_;
    task->client = client;
    task->instance = it->second;
    task->command = std::move(spec.command);
    task->key = std::move(spec.key);
    tasks_.emplace(task->id, std::move(owned));
    clients_.at(client).tasks.insert(task->id);
    ledger_.Accept();
    task->instance->ledger().Accept();
    task->instance->Submit(task);
    return task->id;
  }

  void Halt(TaskId id, v1::TaskOutcome outcome) override {
    auto it = tasks_.find(id);
    if (it == tasks_.end() || !Unhalted(*it->second)) return;
    Task* task = it->second.get();
    task->requested = outcome;
    if (task->state != Task::State::kQueued) return task->instance->HaltOut(*task);
    task->instance->RemoveQueued(task);
    executor_->Post([this, id, alive = std::weak_ptr<char>(alive_)] {
      if (!alive.expired()) EndHalted(id);
    });
  }

  void Resume(ClientId client) override {
    for (const auto& instance : instances_) instance->Resume(client);
  }

  v1::Ledger ledger() const override { return ledger_.counts(); }

  uint64_t unmatched_records() const override {
    uint64_t sum = 0;
    for (const auto& instance : instances_) sum += instance->unmatched_records();
    return sum;
  }

  void Shutdown(absl::Duration grace, std::function<void()> done) override {
    shutting_down_ = true;
    done_ = std::move(done);
    std::vector<TaskId> all;
    for (const auto& [id, task] : tasks_) all.push_back(id);
    for (TaskId id : all) Halt(id, v1::TASK_OUTCOME_HALTED);
    grace_ = executor_->After(grace, [this] { CloseAll(); });
    CloseWhenOver();
  }

 private:
  struct Client {
    TaskClient* client = nullptr;
    absl::flat_hash_set<TaskId> tasks;
  };

  static bool Unhalted(const Task& task) { return task.requested == v1::TASK_OUTCOME_UNSPECIFIED; }

  void EndHalted(TaskId id) {
    auto it = tasks_.find(id);
    if (it == tasks_.end()) return;
    End(it->second.get(), it->second->requested,
        absl::CancelledError("halted before it was sent to scamper"), "", nullptr);
  }

  void CloseWhenOver() {
    if (!shutting_down_ || !tasks_.empty()) return;
    executor_->Post([this, alive = std::weak_ptr<char>(alive_)] {
      if (!alive.expired()) CloseAll();
    });
  }

  void CloseAll() {
    if (!done_) return;
    const std::function<void()> done = std::exchange(done_, nullptr);
    for (const auto& instance : instances_) instance->Close(ShuttingDown());
    done();
  }

  bool WantsMore(ClientId client) override {
    auto it = clients_.find(client);
    return it == clients_.end() || it->second.client->WantsMore();
  }

  void Progress(const Task& task, std::string record,
                std::shared_ptr<const RecordedUnder> under) override {
    auto it = clients_.find(task.client);
    if (it == clients_.end()) return;
    it->second.client->OnProgress(task.id, std::move(record), std::move(under));
  }

  void End(Task* task, v1::TaskOutcome outcome, absl::Status status, std::string record,
           std::shared_ptr<const RecordedUnder> under) override {
    TaskEnd end{task->id, outcome, std::move(status), std::move(record), std::move(under)};
    ledger_.End(outcome);
    task->instance->ledger().End(outcome);
    auto it = clients_.find(task->client);
    tasks_.erase(end.task);
    if (it != clients_.end()) {
      it->second.tasks.erase(end.task);
      it->second.client->OnEnd(std::move(end));
    }
    CloseWhenOver();
  }

  void Changed(const Instance& instance) override {
    if (watchers_.empty()) return;
    const v1::Instance snapshot = instance.Snapshot();
    for (const auto& [watch, watcher] : watchers_) watcher(snapshot);
  }

  const BrokerOptions options_;
  base::Executor* const executor_;
  const RecordReader* const reader_;
  std::vector<std::unique_ptr<Instance>> instances_;
  absl::flat_hash_map<std::string, Instance*> by_name_;
  absl::flat_hash_map<uint64_t, Watcher> watchers_;
  uint64_t last_watch_ = 0;
  absl::flat_hash_map<ClientId, Client> clients_;
  ClientId last_client_ = 0;
  absl::flat_hash_map<TaskId, std::unique_ptr<Task>> tasks_;
  TaskId last_task_ = 0;
  Ledger ledger_;
  bool shutting_down_ = false;
  std::function<void()> done_;
  std::unique_ptr<base::Timer> grace_;
  // Expires with the broker: for what is posted.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace

std::unique_ptr<Broker> MakeBroker(BrokerOptions options, base::Executor* executor,
                                   const RecordReader* reader) {
  return std::make_unique<BrokerImpl>(options, executor, reader);
}

}  // namespace scamper::broker
