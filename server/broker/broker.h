// SPDX-License-Identifier: Apache-2.0
// The broker: instances, tasks, fairness and the ledger.
//
// Everything here runs on the one control thread (see base/executor.h); no
// locks. It knows neither gRPC nor sockets: instances come with a Connector that
// makes control::Session objects. It reads of a record only the header; the rest
// it asks of a RecordReader.
//
// Guarantees
// 1. Every task that Submit took ends exactly once, through TaskClient::OnEnd.
// 2. The ledger of an instance and of the broker add up at any time:
//    accepted = sum of the outcomes + tasks not ended (outstanding + queued).
// 3. An instance has at most `window` tasks out, and at most `queue_window` that
//    scamper is not known to have started; clients take turns, one task each.
// 4. A client that does not want more (TaskClient::WantsMore) has none of its tasks
//    issued; others are not affected. The same holds while a limit of its owner is reached, and
//    then its clients and instances take turns.
// 5. Nothing stalls: while a task is queued for an instance that is ready and its client
//    wants more, either the task is issued, or a reply of the daemon is due that frees a place, or
//    the limits of its owner say when it goes on.
// 6. OnEnd, OnProgress, OnOwnChanged and WantsMore are never called from inside a call of the
//    broker; all but WantsMore, and the watchers, may call any function of it.
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
#include "server/broker/allowance.h"
#include "server/control/attachment.h"
#include "server/control/session.h"

namespace scamper::broker {

using TaskId = uint64_t;
using control::Attachment;

// See TaskSpec::exclusion.
inline constexpr int kExclusionUntil = 20230224;

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
  // OK when there is a record (RESULT always; HALTED and EXPIRED when the task was out).
  // Else why: REJECTED has the status of TaskSpec::command or of Session::Send, or ABORTED with
  // scamper's own text; REFUSED has the PERMISSION_DENIED of TaskSpec::command; INSTANCE_LOST has
  // UNAVAILABLE; HALTED has CANCELLED and EXPIRED has DEADLINE_EXCEEDED when the task was still
  // queued.
  absl::Status status;
  // The exact warts record, header included; empty without one.
  std::string record;
  std::shared_ptr<const RecordedUnder> under;
};

// Who asks for tasks: one RPC. Called on the control thread; must not block.
// Calls for one task come in the order of the daemon's records; OnEnd is the last.
class TaskClient {
 public:
  virtual ~TaskClient() = default;
  // An interim report; the task goes on.
  virtual void OnProgress(TaskId task, std::string record,
                          std::shared_ptr<const RecordedUnder> under) = 0;
  virtual void OnEnd(TaskEnd end) = 0;
  // The task left the queue and was sent to scamper. Must not call the broker.
  virtual void OnIssued(TaskId) {}
  // Of an instance that the client has a connection of its own to: the state, the error, the list
  // and the cycle of that connection changed.
  virtual void OnOwnChanged(const v1::Instance&) {}
  // Asked before each task of this client is issued: false pauses the client until
  // Broker::Resume. Must not call the broker.
  virtual bool WantsMore() = 0;
};

// What to do, on which instance.
struct TaskSpec {
  std::string instance;
  // Makes the command line, without LF, for a daemon of that version
  // (e.g. 20211212). Called once, when the task is issued. An error ends the task as REJECTED, or
  // as REFUSED where it is PERMISSION_DENIED.
  std::function<absl::StatusOr<std::string>(int version)> command;
  // What ties a result to the task where the daemon does not say which task it is of (before
  // 20230224): equal to RecordReader::Key of the result, e.g. made of type, destination and userid.
  // Must determine the destination: scamper runs tasks to one destination one after the other, so
  // among those of one key the one accepted first is done first, save for halts.
  std::string key;
  // Tasks of an instance with the same one, not empty, are out one after the other, over all its
  // connections, where the daemon is not known to be of kExclusionUntil or later.
  std::string exclusion = {};
  // Packets that it is expected to send, for ClientLimits::probes_per_second.
  uint64_t packets = 0;
  // What a task does that a limit of its owner holds up: wait in the queue, or not be taken on.
  bool may_wait = true;
};

// What of a record, without an id from the daemon, tells whose it is.
struct ResultKey {
  // Equal to TaskSpec::key of the tasks that it can be the result of.
  std::string key;
  // The measurement was ended by a halt: it belongs to a task that was halted, though
  // another of the same key may have been issued earlier.
  bool halted = false;
  // The key of tasks that left open what the record says; looked for where no task has `key`.
  // Empty where there is no such thing.
  std::string fallback = {};
};

// Reads what the broker must know of warts records (whole, header included). Called on the
// control thread only. An error is DATA_LOSS, saying what is malformed.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // REQUIRES: a record of type 1, list.
  virtual absl::Status ReadList(absl::string_view record, v1::List* list) const = 0;
  // REQUIRES: a record of type 2, cycle start, or 3, cycle definition.
  virtual absl::Status ReadCycle(absl::string_view record, v1::Cycle* cycle) const = 0;
  // REQUIRES: a record of a measurement. An error drops the record.
  virtual absl::StatusOr<ResultKey> Key(absl::string_view record) const = 0;
};

// An instance as it is added.
struct InstanceSpec {
  std::string name;
  // For people.
  std::string endpoint;
  std::unique_ptr<control::Connector> connector = nullptr;
  // What Instance of the proto says of it; the version is used where the daemon cannot be asked.
  std::string source = {};
  std::optional<v1::VantagePoint> vantage_point = std::nullopt;
  std::string version = {};
};

struct BrokerOptions {
  // Tasks out at one instance; at least 1.
  int window = 10000;
  // Tasks out that scamper is not known to have started; at least 1.
  int queue_window = 128;
  // Between the loss of a connection and the next attempt: doubles from min to max with each
  // failure, times a random factor of 0.5 - 1; back to min once the instance was ready.
  absl::Duration backoff_min = absl::Milliseconds(100);
  absl::Duration backoff_max = absl::Seconds(5);
  // From connecting to ready: attached, and list and cycle known.
  absl::Duration handshake_timeout = absl::Seconds(10);
  // Of all clients of one owner together.
  ClientLimits client_limits;
  // What a daemon of that version can do, for Instance.capabilities; may be absent.
  std::function<std::vector<std::string>(int version)> capabilities = nullptr;
};

class Broker {
 public:
  using ClientId = uint64_t;
  using Watcher = std::function<void(const v1::Instance&)>;

  virtual ~Broker() = default;

  // Adds an instance and begins to connect to it. ALREADY_EXISTS when the name is taken.
  virtual absl::Status AddInstance(InstanceSpec spec) = 0;
  // What is known of its vantage point changed; one that is lost is connected to at once. Nothing
  // happens where there is no such instance.
  virtual void UpdateInstance(absl::string_view name, v1::VantagePoint vantage_point) = 0;
  // Halts what is out at scamper as far as it can be, ends all tasks as INSTANCE_LOST, and forgets
  // the instance. Watchers see it once more, GONE; its name is free at once. False when there is no
  // such instance. Not from inside a call of its session.
  virtual bool RemoveInstance(absl::string_view name, absl::string_view reason) = 0;
  virtual bool HasInstance(absl::string_view name) = 0;
  // In the order of their adding.
  virtual std::vector<v1::Instance> Instances() = 0;
  // Names of all instances, in the order of their adding.
  virtual std::vector<std::string> Names() = 0;
  virtual std::optional<v1::Instance> Find(absl::string_view name) = 0;

  // Calls the watcher for every instance at once, then on every change of state. While an
  // instance is lost, failed attempts with the same error are no change.
  virtual uint64_t Watch(Watcher watcher) = 0;
  virtual void Unwatch(uint64_t watch) = 0;

  // `client` must outlive its tasks or call RemoveClient. The clients of one owner share what the
  // limits allow; one without an owner has no limits.
  virtual ClientId AddClient(TaskClient* client, absl::string_view owner) = 0;
  ClientId AddClient(TaskClient* client) { return AddClient(client, ""); }
  // Halts what is out, drops what is queued, no further calls to the client. The tasks
  // still end in the ledgers: as HALTED (or as what an earlier Halt said), unless scamper rejects
  // them or the instance is lost first.
  virtual void RemoveClient(ClientId client) = 0;

  // Connects to the daemon of the instance once more, for the client alone, with that list and
  // cycle: from now on the client's tasks for the instance go there, until RemoveClient or until
  // the instance is removed. When it is lost it is made again, as that of the instance is.
  // NOT_FOUND. UNAVAILABLE: the instance is not ready. FAILED_PRECONDITION: its version, or the way
  // to it, knows no such thing. INVALID_ARGUMENT: see AttachCommand. ALREADY_EXISTS: there is one.
  virtual absl::Status OpenOwn(ClientId client, absl::string_view instance,
                               const Attachment& attachment) = 0;

  // Takes the task on, queued behind the client's other tasks. NOT_FOUND: no such instance.
  // UNAVAILABLE: the broker shuts down. RESOURCE_EXHAUSTED (see Allowance::Take): the task may not
  // wait for its owner's limits. Ids count from 1.
  // A task for an instance that is not ready ends soon as INSTANCE_LOST (UNAVAILABLE).
  virtual absl::StatusOr<TaskId> Submit(ClientId client, TaskSpec spec) = 0;
  // Stops the task: one that is out is halted at scamper (as soon as scamper has accepted it) and
  // ends with its record; one that is queued ends at once. Both with the given outcome (HALTED
  // or EXPIRED); the first call counts. Nothing happens when it has ended.
  virtual void Halt(TaskId task, v1::TaskOutcome outcome) = 0;
  // The client wants more again.
  virtual void Resume(ClientId client) = 0;

  // Of all tasks since the start.
  virtual v1::Ledger ledger() const = 0;
  // Final records that belonged to no task and were dropped, of all instances since the start.
  virtual uint64_t unmatched_records() const = 0;

  // Halts everything, refuses further tasks with UNAVAILABLE, and calls `done` when every
  // task has ended or `grace` has passed; what is out then ends as INSTANCE_LOST. All connections
  // are closed by then. `done` is not called from inside Shutdown.
  virtual void Shutdown(absl::Duration grace, std::function<void()> done) = 0;
};

// `executor` and `reader` must outlive the broker. To be made, used and destroyed on the
// executor's thread; destroying it closes the connections and calls no client.
std::unique_ptr<Broker> MakeBroker(BrokerOptions options, base::Executor* executor,
                                   const RecordReader* reader);

}  // namespace scamper::broker
