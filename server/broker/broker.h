// The broker: instances, tasks, fairness and the ledger.
//
// Everything here runs on the one control thread (see base/executor.h); no
// locks. It knows neither gRPC nor sockets: instances come with a Connector that
// makes control::Session objects.
//
// Guarantees
// 1. Every task that Submit took ends exactly once, through TaskClient::OnEnd.
// 2. The ledger of a client, of an instance and of the broker add up at any time:
//    accepted = sum of the outcomes + tasks not ended.
// 3. An instance has at most `window` tasks out, and at most `queue_window` that
//    scamper has not started; clients take turns, one task each.
// 4. A client with more than its limit of undelivered bytes has none of its tasks
//    issued; others are not affected.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "scamper/v1/common.pb.h"
#include "scamper/v1/control.pb.h"
#include "server/base/executor.h"
#include "server/control/session.h"

namespace scamper::broker {

using TaskId = uint64_t;

// What of an instance a client may see; a snapshot.
struct InstanceSnapshot {
  v1::Instance instance;
};

// The list and cycle that results of one connection are recorded under.
// Immutable once published.
struct RecordedUnder {
  v1::List list;
  v1::Cycle cycle;
};

// How a task ended.
struct TaskEnd {
  TaskId task = 0;
  v1::TaskOutcome outcome = v1::TASK_OUTCOME_UNSPECIFIED;
  // OK with outcomes RESULT; and HALTED when a record came.
  absl::Status status;
  // The exact warts record, header included; empty without one.
  std::string record;
  std::shared_ptr<const RecordedUnder> under;
};

// Who asks for tasks: one RPC. Called on the control thread; must not block.
class TaskClient {
 public:
  virtual ~TaskClient() = default;
  // An interim report; the task goes on.
  virtual void OnProgress(TaskId task, std::string record,
                          std::shared_ptr<const RecordedUnder> under) = 0;
  virtual void OnEnd(TaskEnd end) = 0;
  // Asked before each task of this client is issued: false pauses the client until
  // Broker::Resume.
  virtual bool WantsMore() = 0;
};

// What to do, on which instance.
struct TaskSpec {
  std::string instance;
  // Makes the command line, without LF, for a daemon of that version
  // (e.g. 20211212). Called when the task is issued. An error ends the task as REJECTED.
  std::function<absl::StatusOr<std::string>(int version)> command;
  // Does this record, without an id from the daemon, belong to that task?
  // Daemons before 20230224 do not say. Among several the earliest issued is taken.
  std::function<bool(absl::string_view record)> matches;
};

struct BrokerOptions {
  // Tasks out at one instance.
  int window = 10000;
  // Tasks out that scamper has not started.
  int queue_window = 128;
  absl::Duration backoff_min = absl::Milliseconds(100);
  absl::Duration backoff_max = absl::Seconds(5);
  // From connecting to attached.
  absl::Duration handshake_timeout = absl::Seconds(10);
};

class Broker {
 public:
  using ClientId = uint64_t;
  using Watcher = std::function<void(const v1::Instance&)>;

  virtual ~Broker() = default;

  // Adds an instance and begins to connect to it. ALREADY_EXISTS when the name is taken.
  virtual absl::Status AddInstance(std::string name, std::string endpoint,
                                   std::unique_ptr<control::Connector> connector) = 0;
  virtual std::vector<v1::Instance> Instances() = 0;
  // Names of all instances, in the order of their adding.
  virtual std::vector<std::string> Names() = 0;
  virtual std::optional<v1::Instance> Find(absl::string_view name) = 0;

  // Calls the watcher for every instance at once, then on every change of state.
  virtual uint64_t Watch(Watcher watcher) = 0;
  virtual void Unwatch(uint64_t watch) = 0;

  // `client` must outlive its tasks or call RemoveClient.
  virtual ClientId AddClient(TaskClient* client) = 0;
  // Halts what is out, drops what is queued, no further calls to the client. The tasks
  // still end in the ledgers, as HALTED.
  virtual void RemoveClient(ClientId client) = 0;

  // Takes the task on, queued behind the client's other tasks. NOT_FOUND: no such instance.
  // A task for an instance that is not ready ends at once as INSTANCE_LOST (UNAVAILABLE).
  // OnEnd is never called from inside Submit.
  virtual absl::StatusOr<TaskId> Submit(ClientId client, TaskSpec spec) = 0;
  // Stops the task: one that is out is halted at scamper and ends with its record; one
  // that is queued ends at once. Both with the given outcome (HALTED or EXPIRED).
  // Nothing happens when it has ended.
  virtual void Halt(TaskId task, v1::TaskOutcome outcome) = 0;
  // The client wants more again.
  virtual void Resume(ClientId client) = 0;

  // Of all tasks since the start.
  virtual v1::Ledger ledger() const = 0;

  // Halts everything, refuses further tasks with UNAVAILABLE, and calls `done` when every
  // task has ended or `grace` has passed; what is out then ends as INSTANCE_LOST.
  virtual void Shutdown(absl::Duration grace, std::function<void()> done) = 0;
};

std::unique_ptr<Broker> MakeBroker(BrokerOptions options, base::Executor* executor);

}  // namespace scamper::broker
