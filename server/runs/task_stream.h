// SPDX-License-Identifier: Apache-2.0
// The tasks of one run or session, on the way to the broker and, as events, back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/task.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/broker/ledger.h"
#include "server/recorder/recorder.h"
#include "server/runs/journal.h"

namespace scamper::runs {

// What is pointed to outlives the runs and sessions.
struct Context {
  broker::Broker* broker = nullptr;
  base::Executor* control = nullptr;
  // Makes of a measurement that was found right what the broker takes.
  std::function<broker::TaskSpec(std::string instance, std::shared_ptr<const v1::Measurement>)>
      make_spec;
  // Whose limits hold for the tasks (see Broker::AddClient).
  std::string owner;
  // Null where the server has no store.
  recorder::Recorder* recorder = nullptr;
};

// Belongs to the control thread, but for the journal.
class TaskStream : public broker::TaskClient {
 public:
  // Halts what has not ended.
  ~TaskStream() override;
  TaskStream(const TaskStream&) = delete;
  TaskStream& operator=(const TaskStream&) = delete;

  Journal& journal() { return journal_; }

  // Results are recorded before their events come; the file is there before the last event. Before
  // the first task.
  void Record(std::unique_ptr<recorder::Recording> recording) { recording_ = std::move(recording); }

  // Nobody will read the events: everything ends as `outcome`, nothing is sent any more, and none
  // of the functions below is called. What was recorded becomes the file.
  void Abandon(v1::TaskOutcome outcome);

  void OnProgress(broker::TaskId task, std::string record,
                  std::shared_ptr<const broker::RecordedUnder> under) final;
  void OnEnd(broker::TaskEnd end) final;
  void OnIssued(broker::TaskId task) final;
  bool WantsMore() final;

 protected:
  struct Where {
    std::shared_ptr<const std::string> instance;
    uint64_t reference = 0;
    // The broker has not issued it yet.
    bool queued = true;
  };
  using Tasks = absl::flat_hash_map<broker::TaskId, Where>;

  TaskStream(const Context& context, JournalOptions options);

  // Takes the task on, and says so.
  absl::StatusOr<broker::TaskId> Submit(std::shared_ptr<const std::string> instance,
                                        uint64_t reference,
                                        std::shared_ptr<const v1::Measurement> measurement);
  // See Broker::OpenOwn; what becomes of it, OnOwnChanged tells.
  absl::Status OpenOwn(absl::string_view instance, const broker::Attachment& attachment);
  void Halt(broker::TaskId task, v1::TaskOutcome outcome) { broker().Halt(task, outcome); }
  void HaltAll(v1::TaskOutcome outcome);
  // Nothing where there was the last event, or nobody reads.
  void Append(Event event);
  // The last event; with a recording it comes when that is a file. The ledger is filled in.
  // REQUIRES: no tasks().
  void Finish(Summary summary);

  broker::Broker& broker() { return *context_.broker; }
  base::Executor& control() { return *context_.control; }
  const Tasks& tasks() const { return tasks_; }
  bool finished() const { return finished_; }
  bool abandoned() const { return abandoned_; }

 private:
  // A task left the broker's queue for scamper.
  virtual void Issued(const Where& where) = 0;
  // A task ended, and the event was appended; it is none of tasks() any more.
  virtual void Ended(broker::TaskId task, const Where& where, v1::TaskOutcome outcome) = 0;
  // There is room for more again.
  virtual void Drained() = 0;
  // Nothing can be recorded any more: the run is to end soon, and its call with `status`.
  virtual void CannotRecord(const absl::Status& status) = 0;

  JournalOptions WithDrained(JournalOptions options);
  void Resume();
  // The task is none of tasks() any more.
  void Complete(broker::TaskEnd end);
  // `status` is that of recorder::Recording::Add.
  void WasRecorded(broker::TaskEnd end, const absl::Status& status);

  const Context context_;
  broker::Broker::ClientId client_ = 0;
  Tasks tasks_;
  broker::Ledger ledger_;
  // Null where nothing is recorded, and from Finish or Abandon on.
  std::unique_ptr<recorder::Recording> recording_;
  // WantsMore said false as the disk is behind.
  bool recording_paused_ = false;
  bool cannot_record_ = false;
  uint64_t left_out_ = 0;
  bool finished_ = false;
  bool abandoned_ = false;
  // Functions given to the executor do nothing when this is gone.
  std::shared_ptr<TaskStream*> self_ = std::make_shared<TaskStream*>(this);
  Journal journal_;
};

}  // namespace scamper::runs
