// SPDX-License-Identifier: Apache-2.0
#include "server/runs/task_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace scamper::runs {

TaskStream::TaskStream(const Context& context, JournalOptions options)
    : context_(context),
      client_(context.broker->AddClient(this, context.owner)),
      journal_(WithDrained(std::move(options))) {}

TaskStream::~TaskStream() {
  if (client_ != 0) broker().RemoveClient(client_);
}

JournalOptions TaskStream::WithDrained(JournalOptions options) {
  options.drained = [control = context_.control, self = std::weak_ptr<TaskStream*>(self_)] {
    control->Post([self] {
      if (const auto stream = self.lock()) (*stream)->Resume();
    });
  };
  return options;
}

void TaskStream::Resume() {
  if (client_ == 0) return;
  broker().Resume(client_);
  Drained();
}

absl::StatusOr<broker::TaskId> TaskStream::Submit(
    std::shared_ptr<const std::string> instance, uint64_t reference,
    std::shared_ptr<const v1::Measurement> measurement) {
  if (client_ == 0) return absl::CancelledError("the run was given up");
  absl::StatusOr<broker::TaskId> task =
      broker().Submit(client_, context_.make_spec(*instance, std::move(measurement)));
  if (!task.ok()) return task.status();
  ledger_.Accept();
  Event event{Event::Kind::kAccepted, reference, instance, {}};
  event.end.task = *task;
  journal_.Append(std::move(event));
  tasks_.emplace(*task, Where{std::move(instance), reference});
  return *task;
}

void TaskStream::HaltAll(v1::TaskOutcome outcome) {
  std::vector<broker::TaskId> open;
  open.reserve(tasks_.size());
  for (const auto& [task, where] : tasks_) open.push_back(task);
  std::sort(open.begin(), open.end());
  for (broker::TaskId task : open) Halt(task, outcome);
}

void TaskStream::Append(Event event) {
  if (!finished_ && !abandoned_) journal_.Append(std::move(event));
}

void TaskStream::Finish(Summary summary) {
  if (std::exchange(finished_, true)) return;
  summary.ledger = ledger_.counts();
  journal_.Finish(std::move(summary));
}

void TaskStream::Abandon(v1::TaskOutcome outcome) {
  if (std::exchange(abandoned_, true)) return;
  HaltAll(outcome);
  broker().RemoveClient(std::exchange(client_, 0));
}

void TaskStream::OnProgress(broker::TaskId task, std::string record,
                            std::shared_ptr<const broker::RecordedUnder> under) {
  const auto it = tasks_.find(task);
  if (it == tasks_.end()) return;
  Event event{Event::Kind::kProgress, it->second.reference, it->second.instance, {}};
  event.end.task = task;
  event.end.record = std::move(record);
  event.end.under = std::move(under);
  journal_.Append(std::move(event));
}

void TaskStream::OnEnd(broker::TaskEnd end) {
  const auto it = tasks_.find(end.task);
  if (it == tasks_.end()) return;
  const Where where = std::move(it->second);
  tasks_.erase(it);
  const broker::TaskId task = end.task;
  const v1::TaskOutcome outcome = end.outcome;
  ledger_.End(outcome);
  journal_.Append({Event::Kind::kEnd, where.reference, where.instance, std::move(end)});
  Ended(task, where, outcome);
}

void TaskStream::OnIssued(broker::TaskId task) {
  const auto it = tasks_.find(task);
  if (it == tasks_.end() || !std::exchange(it->second.queued, false)) return;
  Issued(it->second);
}

}  // namespace scamper::runs
