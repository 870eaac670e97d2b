// SPDX-License-Identifier: Apache-2.0
// A task that the broker took on, and a list of tasks that costs no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "scamper/v1/control.pb.h"
#include "server/broker/broker.h"

namespace scamper::broker {

class Allowance;
class Instance;

struct Task {
  enum class State : uint8_t {
    kQueued,    // waits in the FairQueue of its instance, or set aside
    kSent,      // the daemon did not answer the command yet
    kAccepted,  // has an id at the daemon
  };

  TaskId id = 0;
  // May be removed already.
  Broker::ClientId client = 0;
  Instance* instance = nullptr;
  // Empty once issued.
  std::function<absl::StatusOr<std::string>(int version)> command;
  std::string key;
  std::string exclusion;
  // It is out, and those of the same exclusion wait for its end.
  bool excludes = false;
  // It waits so, outside of the FairQueue.
  bool set_aside = false;
  // Packets as estimated.
  uint64_t packets = 0;
  // What the task was taken from, and is told of its end; null where nothing is.
  Allowance* allowance = nullptr;
  // Order of sending on the connection, from 1.
  uint64_t sequence = 0;
  // Neighbours in the one TaskList that holds the task: of its client's queued tasks, of those set
  // aside, or of the accepted tasks of its key.
  Task* previous = nullptr;
  Task* next = nullptr;
  // REQUIRES for use: kAccepted.
  uint32_t daemon_id = 0;
  State state = State::kQueued;
  // The daemon confirmed a halt; its record is due.
  bool halt_confirmed = false;
  // What a halt asked for; UNSPECIFIED where none did.
  v1::TaskOutcome requested = v1::TASK_OUTCOME_UNSPECIFIED;
};

// Does not own its tasks. A task is in one list at most.
class TaskList {
 public:
  bool empty() const { return front_ == nullptr; }
  // nullptr when empty.
  Task* front() const { return front_; }

  void PushBack(Task* task) {
    task->previous = back_;
    task->next = nullptr;
    (back_ != nullptr ? back_->next : front_) = task;
    back_ = task;
  }

  // REQUIRES: the task is in this list.
  void Remove(Task* task) {
    (task->previous != nullptr ? task->previous->next : front_) = task->next;
    (task->next != nullptr ? task->next->previous : back_) = task->previous;
    task->previous = task->next = nullptr;
  }

 private:
  Task* front_ = nullptr;
  Task* back_ = nullptr;
};

}  // namespace scamper::broker
