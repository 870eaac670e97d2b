// SPDX-License-Identifier: Apache-2.0
#include "server/broker/outstanding.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scamper::broker {
namespace {

constexpr size_t kCommandShown = 200;

}  // namespace

void Outstanding::Sent(Task* task, std::string command) {
  if (command.size() > kCommandShown) {
    command = absl::StrCat(command.substr(0, kCommandShown), "...");
  }
  task->state = Task::State::kSent;
  task->sequence = ++last_sequence_;
  unanswered_.push_back({task, std::move(command)});
  later_.push_back(true);
  ++not_started_;
}

Task* Outstanding::Accepted(uint32_t id) {
  if (unanswered_.empty()) return nullptr;
  Task* task = unanswered_.front().task;
  if (!by_id_.try_emplace(id, task).second) return nullptr;
  unanswered_.pop_front();
  task->state = Task::State::kAccepted;
  task->daemon_id = id;
  by_key_[task->key].in_order.PushBack(task);
  return task;
}

std::optional<Outstanding::Refused> Outstanding::Rejected() {
  if (unanswered_.empty()) return std::nullopt;
  Refused refused = std::move(unanswered_.front());
  unanswered_.pop_front();
  Gone(refused.task);
  return refused;
}

void Outstanding::More() { StartedUpTo(last_sequence_ - unanswered_.size()); }

void Outstanding::HaltConfirmed(uint32_t id) {
  Task* task = Find(id);
  if (task == nullptr || std::exchange(task->halt_confirmed, true)) return;
  SameKey& same = by_key_.at(task->key);
  same.in_order.Remove(task);
  same.halted.PushBack(task);
}

Task* Outstanding::Find(uint32_t id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

Task* Outstanding::Find(const ResultKey& key) const {
  auto it = by_key_.find(key.key);
  if (it == by_key_.end() && !key.fallback.empty()) it = by_key_.find(key.fallback);
  if (it == by_key_.end()) return nullptr;
  Task* first = it->second.in_order.front();
  Task* halted = it->second.halted.front();
  if (first == nullptr || halted == nullptr) return first != nullptr ? first : halted;
  // A halted task can still be done by itself in that instant; then it was the one that ran, the
  // oldest of its key.
  return key.halted || halted->sequence < first->sequence ? halted : first;
}

void Outstanding::Started(const Task* task) { StartedUpTo(task->sequence); }

void Outstanding::Finished(Task* task) {
  if (task->requested == v1::TASK_OUTCOME_UNSPECIFIED) Started(task);
  Gone(task);
  by_id_.erase(task->daemon_id);
  const auto it = by_key_.find(task->key);
  (task->halt_confirmed ? it->second.halted : it->second.in_order).Remove(task);
  if (it->second.empty()) by_key_.erase(it);
}

std::vector<Task*> Outstanding::TakeAll() {
  std::vector<Task*> all;
  all.reserve(size());
  for (const auto& [id, task] : by_id_) all.push_back(task);
  for (const Refused& sent : unanswered_) all.push_back(sent.task);
  std::sort(all.begin(), all.end(),
            [](const Task* a, const Task* b) { return a->sequence < b->sequence; });
  *this = Outstanding();
  return all;
}

void Outstanding::StartedUpTo(uint64_t sequence) {
  for (; started_up_to_ < sequence; ++started_up_to_) {
    if (later_.front()) --not_started_;
    later_.pop_front();
  }
}

void Outstanding::Gone(const Task* task) {
  if (task->sequence <= started_up_to_) return;
  later_[task->sequence - started_up_to_ - 1] = false;
  --not_started_;
  while (!later_.empty() && !later_.front()) {
    later_.pop_front();
    ++started_up_to_;
  }
}

}  // namespace scamper::broker
