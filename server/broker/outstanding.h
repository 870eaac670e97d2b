// SPDX-License-Identifier: Apache-2.0
// The tasks that are out on one connection: which reply and which record is
// whose, and how many of them scamper has not started.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/broker/broker.h"
#include "server/broker/task.h"

namespace scamper::broker {

// Does not own its tasks. Not thread-safe. All functions but TakeAll take constant time on average.
//
// A task counts as not started until one of these is seen, from which it follows that scamper took
// it off its queue (to start it, or to set it aside for another task to the same destination):
//   - MORE: the queue was empty when scamper said so, behind the answers to all commands in it;
//   - a result or an interim report of a task sent later: the queue is served in order;
//   - its own end.
// The end of a task that was halted says nothing of others: it may have been taken from amid the
// queue, and then scamper sends no MORE either.
class Outstanding {
 public:
  struct Refused {
    Task* task = nullptr;
    std::string command;
  };

  // The task's command was sent; `command` is kept, shortened, for Rejected.
  void Sent(Task* task, std::string command);
  // The oldest task without an answer now has that id. nullptr when there is none, or when another
  // task has the id: the daemon cannot be understood.
  Task* Accepted(uint32_t id);
  // The oldest task without an answer is no longer out. nullopt when there is none.
  std::optional<Refused> Rejected();
  void More();
  // The task of that id was halted, its record is due.
  void HaltConfirmed(uint32_t id);

  // Whose record it is; nullptr when nobody's.
  Task* Find(uint32_t id) const;
  // The record has no id. Tasks of one key are done in the order of their acceptance, except that
  // a halted one is done at once; those come in the order of the halts.
  Task* Find(const ResultKey& key) const;

  // The task runs.
  void Started(const Task* task);
  // The task's last record came. REQUIRES: Find gave the task.
  void Finished(Task* task);

  // Empties it: all tasks in the order of sending.
  std::vector<Task*> TakeAll();

  size_t size() const { return unanswered_.size() + by_id_.size(); }
  size_t not_started() const { return not_started_; }

 private:
  // Accepted tasks of one key.
  struct SameKey {
    TaskList in_order;
    TaskList halted;  // Halts confirmed, in that order.
    bool empty() const { return in_order.empty() && halted.empty(); }
  };

  void StartedUpTo(uint64_t sequence);
  void Gone(const Task* task);

  std::deque<Refused> unanswered_;
  absl::flat_hash_map<uint32_t, Task*> by_id_;
  absl::flat_hash_map<std::string, SameKey> by_key_;
  uint64_t last_sequence_ = 0;
  // All tasks sent up to here were started.
  uint64_t started_up_to_ = 0;
  // Of the tasks sent later, in order: whether it is still out.
  std::deque<bool> later_;
  // The number of `true` in it.
  size_t not_started_ = 0;
};

}  // namespace scamper::broker
