// SPDX-License-Identifier: Apache-2.0
#include "server/broker/fair_queue.h"

namespace scamper::broker {

void FairQueue::Push(Task* task) {
  auto [it, added] = clients_.try_emplace(task->client);
  if (added) it->second = turns_.insert(turns_.end(), Waiting{task->client, false, {}});
  it->second->tasks.PushBack(task);
  ++size_;
}

void FairQueue::Remove(Task* task) {
  const Clients::iterator waiting = clients_.at(task->client);
  waiting->tasks.Remove(task);
  --size_;
  if (waiting->tasks.empty()) Erase(waiting);
}

std::optional<Broker::ClientId> FairQueue::Turn() const {
  if (turns_.empty()) return std::nullopt;
  return turns_.front().client;
}

Task* FairQueue::Take() {
  Task* task = turns_.front().tasks.front();
  turns_.splice(turns_.end(), turns_, turns_.begin());
  Remove(task);
  return task;
}

void FairQueue::Pause() {
  turns_.front().paused = true;
  paused_.splice(paused_.end(), turns_, turns_.begin());
}

void FairQueue::Resume(Broker::ClientId client) {
  const auto it = clients_.find(client);
  if (it == clients_.end() || !it->second->paused) return;
  it->second->paused = false;
  turns_.splice(turns_.end(), paused_, it->second);
}

std::vector<Task*> FairQueue::TakeAll() {
  std::vector<Task*> all;
  all.reserve(size_);
  for (Clients* clients : {&turns_, &paused_}) {
    for (Waiting& waiting : *clients) {
      while (Task* task = waiting.tasks.front()) {
        waiting.tasks.Remove(task);
        all.push_back(task);
      }
    }
    clients->clear();
  }
  clients_.clear();
  size_ = 0;
  return all;
}

void FairQueue::Erase(Clients::iterator waiting) {
  clients_.erase(waiting->client);
  (waiting->paused ? paused_ : turns_).erase(waiting);
}

}  // namespace scamper::broker
