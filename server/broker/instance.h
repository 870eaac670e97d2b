// SPDX-License-Identifier: Apache-2.0
// One scamper daemon: its connection, made again whenever it is lost, and the
// tasks for it.
//
//   CONNECTING --ready--> READY --lost--> LOST --ready--> READY ...
//        \------------lost----------------/
//
// GONE, from any of these, is the end.
//
// Ready is: attach answered with OK, and the connection's list and cycle records read.
//
// A client can have a connection of its own to the daemon: another Instance, inside this one, that
// has the client's tasks. It takes tasks while it is CONNECTING for the first time, and its tasks
// count for this one.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/broker/fair_queue.h"
#include "server/broker/ledger.h"
#include "server/broker/outstanding.h"
#include "server/broker/task.h"
#include "server/control/session.h"

namespace scamper::broker {

// What an instance asks of the broker. None of these calls back into the instance, except for
// Instance::Turn later.
class InstanceHost {
 public:
  virtual ~InstanceHost() = default;
  // False: the task's client is to be paused until Instance::Resume.
  virtual bool MayIssue(Task* task) = 0;
  virtual void Progress(const Task& task, std::string record,
                        std::shared_ptr<const RecordedUnder> under) = 0;
  // The task was sent to scamper.
  virtual void Issued(const Task& task) = 0;
  // The task is no longer known to the instance, and is destroyed. `end.task` need not be set.
  virtual void Ended(Task* task, TaskEnd end) = 0;
  // The state or the error changed.
  virtual void Changed(const Instance& instance) = 0;
  // A final record belonged to nobody.
  virtual void Unmatched() = 0;
  // Instance::Turn is to be called soon, from the executor.
  virtual void WakeUp(Instance* instance) = 0;
};

class Instance final : public control::SessionListener {
 public:
  // What is pointed to must outlive the instance.
  Instance(InstanceSpec spec, const BrokerOptions& options, base::Executor* executor,
           const RecordReader* reader, InstanceHost* host);

  // Begins to connect.
  void Start();
  // Closes the connection for good; all tasks end as INSTANCE_LOST. Not from inside a call of the
  // session.
  void Stop(absl::string_view reason);

  // Halts what is out, and is GONE; to be destroyed later.
  void Remove(absl::string_view reason);

  // See Broker::OpenOwn.
  absl::Status OpenOwn(Broker::ClientId client, const control::Attachment& attachment);
  // The client's own connection, where there is one, is closed once its tasks have ended.
  void CloseOwn(Broker::ClientId client);
  // What has the tasks of the client: its own connection, or this.
  Instance* For(Broker::ClientId client);
  // Whose connection this is; 0 where it is everybody's.
  Broker::ClientId client() const { return client_; }
  // What this is a connection of a client's own inside of; or null.
  Instance* shared() const { return shared_; }
  // See Broker::UpdateInstance.
  void Update(v1::VantagePoint vantage_point);

  const std::string& name() const { return spec_.name; }
  bool ready() const { return state_ == v1::INSTANCE_STATE_READY; }
  Ledger& ledger() { return shared_ != nullptr ? shared_->ledger_ : ledger_; }
  v1::Instance Snapshot() const;

  // Takes the task on: queues it, or ends it when the instance is not ready.
  void Take(Task* task);
  // Task::requested was set: ends the task when it is queued, else halts it at scamper.
  void Halt(Task* task);
  void Resume(Broker::ClientId client);
  // Issues what may be issued, a bounded number of tasks at once. Called once after each
  // InstanceHost::WakeUp. A connection of a client's own may be gone when it returns.
  void Turn();

  void OnAttached(const control::DaemonInfo& info) override;
  void OnAccepted(uint32_t id) override;
  void OnRejected(absl::string_view text) override;
  void OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) override;
  void OnMore() override;
  void OnHalted(uint32_t id, bool known) override;
  void OnClosed(absl::Status status) override;

 private:
  // A connection of the client's own.
  Instance(Instance* shared, Broker::ClientId client,
           std::unique_ptr<control::Connector> connector);

  size_t waiting() const { return queue_.size() + set_aside_; }
  bool idle() const { return out_.size() + waiting() == 0; }
  Instance& root() { return shared_ != nullptr ? *shared_ : *this; }
  // The task is no longer known, and is destroyed; those that it excluded may go on.
  void End(Task* task, TaskEnd end);
  // Whether another one that is out excludes the task.
  bool IsExcluded(const Task* task);
  void SetAside(Task* task);
  void TakeBack(Task* task);
  // All that are set aside, of this connection.
  std::vector<Task*> TakeAllSetAside();
  void Connect();
  void BecomeReady();
  // The connection is given up: its tasks end, and another attempt is made later.
  void Lose(const std::string& reason, v1::InstanceState state = v1::INSTANCE_STATE_LOST);
  void EndAsLost(Task* task);
  // Sets version_ by what is known, or learns that it is before a version: the newest
  // release of that time is `taken_for`. False when it knew better.
  void SetVersion(std::string version, v1::VersionSource source);
  bool LearnVersion(int taken_for);
  absl::Status Rejection(const Outstanding::Refused& refused, absl::string_view text);
  void RetryLater();
  void WakeUp();
  bool CanIssue() const;
  void Issue(Task* task);
  void ReadMetadata(uint16_t type, std::string record);
  void MeasurementRecord(Task* task, bool in_progress, std::string record);

  InstanceSpec spec_;
  Instance* const shared_ = nullptr;
  const Broker::ClientId client_ = 0;
  // Of a connection of a client's own: no further tasks come.
  bool closing_ = false;
  std::map<Broker::ClientId, std::unique_ptr<Instance>> own_;
  const BrokerOptions options_;
  base::Executor* const executor_;
  const RecordReader* const reader_;
  InstanceHost* const host_;

  v1::InstanceState state_ = v1::INSTANCE_STATE_CONNECTING;
  absl::Time since_;
  std::string error_;
  bool stopped_ = false;
  bool awake_ = false;
  // Attempts that failed since the instance was ready.
  int failures_ = 0;
  absl::BitGen random_;
  // The end of the handshake, or the next attempt.
  std::unique_ptr<base::Timer> timer_;

  // Absent between two attempts. Calls from a session that was given up are ignored.
  std::unique_ptr<control::Session> session_;
  // Given up; not destroyed at once, as it may be the caller.
  std::unique_ptr<control::Session> old_session_;
  bool attached_ = false;
  control::DaemonInfo info_;
  // Of the daemon of this connection, or the last one; 0 where not known.
  int version_date_ = 0;
  std::string version_;
  v1::VersionSource version_source_ = v1::VERSION_SOURCE_UNSPECIFIED;
  std::vector<std::string> capabilities_;
  std::string list_record_;
  std::string cycle_record_;
  std::shared_ptr<RecordedUnder> reading_;
  std::shared_ptr<const RecordedUnder> under_;

  FairQueue queue_;
  // How many tasks of this connection are in exclusions_ of the root.
  size_t set_aside_ = 0;
  // Of all connections: what waits for the task that is out, by TaskSpec::exclusion.
  absl::flat_hash_map<std::string, TaskList> exclusions_;
  Outstanding out_;
  Ledger ledger_;
};

}  // namespace scamper::broker
