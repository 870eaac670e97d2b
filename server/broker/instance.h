// SPDX-License-Identifier: Apache-2.0
// One instance: its connection, again and again, and the tasks that are its.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/broker/fair_queue.h"
#include "server/broker/ledger.h"
#include "server/broker/outstanding.h"
#include "server/broker/task.h"
#include "server/control/session.h"

namespace scamper::broker {

// What an instance needs of the broker.
class InstanceHost {
 public:
  virtual ~InstanceHost() = default;
  virtual bool WantsMore(Broker::ClientId client) = 0;
  virtual void Progress(const Task& task, std::string record,
                        std::shared_ptr<const RecordedUnder> under) = 0;
  // The task is in no list any more. May call the instance again.
  virtual void End(Task* task, v1::TaskOutcome outcome, absl::Status status, std::string record,
                   std::shared_ptr<const RecordedUnder> under) = 0;
  virtual void Changed(const Instance& instance) = 0;
};

// On the control thread; see Broker for what holds.
class Instance final : public control::SessionListener {
 public:
  Instance(std::string name, std::string endpoint, std::unique_ptr<control::Connector> connector,
           const BrokerOptions& options, base::Executor* executor, const RecordReader* reader,
           InstanceHost* host);

  void Start() { Connect(); }
  // Ends what is out and queued as INSTANCE_LOST and connects no more.
  void Close(const absl::Status& why);

  // Queues the task; calls nobody before the executor's next turn.
  void Submit(Task* task);
  // Takes a queued task out of the queue.
  void RemoveQueued(Task* task) { queue_.Remove(task); }
  // The task's `requested` was set: halts it at scamper, now or as soon as it is accepted.
  void HaltOut(const Task& task);
  void Resume(Broker::ClientId client);

  v1::Instance Snapshot() const;
  const std::string& name() const { return name_; }
  Ledger& ledger() { return ledger_; }
  uint64_t unmatched_records() const { return unmatched_; }

  void OnAttached(const control::DaemonInfo& info) override;
  void OnAccepted(uint32_t id) override;
  void OnRejected(absl::string_view text) override;
  void OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) override;
  void OnMore() override;
  void OnHalted(uint32_t id, bool known) override;
  void OnClosed(absl::Status status) override;

 private:
  void Connect();
  void Lose(const absl::Status& why);
  void Retry();
  void BecomeReadyIfComplete();
  void SetState(v1::InstanceState state, std::string error);

  // A list or cycle record of this connection.
  void OnMetadata(int type, std::string record);
  void OnResult(Task* task, bool in_progress, std::string record);

  // Issues what may be issued.
  void Pump();
  void PumpLater();
  void Issue(Task* task);
  void EndAll(const std::vector<Task*>& tasks, const absl::Status& status);

  const std::string name_;
  const std::string endpoint_;
  const std::unique_ptr<control::Connector> connector_;
  const BrokerOptions options_;
  base::Executor* const executor_;
  const RecordReader* const reader_;
  InstanceHost* const host_;

  v1::InstanceState state_ = v1::INSTANCE_STATE_CONNECTING;
  absl::Time since_;
  std::string error_;
  bool closed_ = false;
  absl::Duration backoff_;
  absl::BitGen random_;

  std::unique_ptr<control::Session> session_;
  // Of the handshake, or until the next attempt.
  std::unique_ptr<base::Timer> timer_;
  // Of this connection; empty until known.
  std::optional<control::DaemonInfo> info_;
  std::optional<v1::List> list_;
  std::optional<v1::Cycle> cycle_;
  std::string preamble_;
  std::shared_ptr<const RecordedUnder> under_;

  FairQueue queue_;
  Outstanding outstanding_;
  Ledger ledger_;
  uint64_t unmatched_ = 0;
  bool pumping_ = false;
  bool pump_posted_ = false;
  // Expires with the instance: for what is posted.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace scamper::broker
