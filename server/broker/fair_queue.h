// SPDX-License-Identifier: Apache-2.0
// The tasks that wait to be sent to one instance. Clients take turns, one task
// each; the tasks of one client keep their order.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/broker/broker.h"
#include "server/broker/task.h"

namespace scamper::broker {

// All functions but TakeAll take constant time. Does not own its tasks. Not thread-safe.
class FairQueue {
 public:
  void Push(Task* task);
  // REQUIRES: the task is in this queue.
  void Remove(Task* task);
  // The client whose turn it is; nullopt when nothing waits, or only tasks of paused clients.
  std::optional<Broker::ClientId> Turn() const;
  // REQUIRES: Turn() has a value. What Take would take.
  Task* Front() const { return turns_.front().tasks.front(); }
  // REQUIRES: Turn() has a value. Takes that client's first task; its next turn is after all
  // others'.
  Task* Take();
  // REQUIRES: Turn() has a value. That client has no turn until Resume, or until all of its tasks
  // are gone.
  void Pause();
  void Resume(Broker::ClientId client);
  // Empties the queue: client by client, each in order.
  std::vector<Task*> TakeAll();
  size_t size() const { return size_; }

 private:
  struct Waiting {
    Broker::ClientId client;
    bool paused = false;
    TaskList tasks;  // Never empty.
  };
  using Clients = std::list<Waiting>;

  void Erase(Clients::iterator waiting);

  Clients turns_;
  Clients paused_;
  absl::flat_hash_map<Broker::ClientId, Clients::iterator> clients_;
  size_t size_ = 0;
};

}  // namespace scamper::broker
