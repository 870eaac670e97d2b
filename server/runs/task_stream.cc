// SPDX-License-Identifier: Apache-2.0
#include "server/runs/task_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace scamper::runs {
namespace {

// Of records that wait for the disk; above it no task is issued.
constexpr size_t kRecordingBytes = 8 << 20;

recorder::Under UnderOf(const std::shared_ptr<const broker::RecordedUnder>& under) {
  if (under == nullptr) return {};
  return {std::shared_ptr<const v1::List>(under, &under->list),
          std::shared_ptr<const v1::Cycle>(under, &under->cycle)};
}

// The error is that of one record.
bool IsOfRecord(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsInvalidArgument(status);
}

}  // namespace

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

absl::Status TaskStream::OpenOwn(absl::string_view instance, const broker::Attachment& attachment) {
  if (client_ == 0) return absl::CancelledError("the run was given up");
  return broker().OpenOwn(client_, instance, attachment);
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
  broker().RemoveClient(std::exchange(client_, 0));
  summary.ledger = ledger_.counts();
  if (recording_ == nullptr) return journal_.Finish(std::move(summary));
  std::exchange(recording_, nullptr)
      ->Finish([self = std::weak_ptr<TaskStream*>(self_), left_out = left_out_,
                summary = std::move(summary)](absl::StatusOr<store::FileInfo> file) mutable {
        const auto stream = self.lock();
        if (stream == nullptr) return;
        summary.recording = {std::move(file), left_out};
        (*stream)->journal_.Finish(std::move(summary));
      });
}

void TaskStream::Abandon(v1::TaskOutcome outcome) {
  if (std::exchange(abandoned_, true)) return;
  HaltAll(outcome);
  broker().RemoveClient(std::exchange(client_, 0));
  recording_ = nullptr;
}

bool TaskStream::WantsMore() {
  if (recording_ != nullptr && recording_->bytes() >= kRecordingBytes) {
    recording_paused_ = true;
    return false;
  }
  return journal_.WantsMore();
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
  if (recording_ == nullptr || end.record.empty()) return Complete(std::move(end));
  recorder::Under under = UnderOf(end.under);
  std::string record = end.record;
  recording_->Add(std::move(under), std::move(record),
                  [self = std::weak_ptr<TaskStream*>(self_),
                   end = std::move(end)](const absl::Status& status) mutable {
                    const auto stream = self.lock();
                    if (stream != nullptr) (*stream)->WasRecorded(std::move(end), status);
                  });
}

void TaskStream::WasRecorded(broker::TaskEnd end, const absl::Status& status) {
  if (abandoned_) return;
  if (IsOfRecord(status)) ++left_out_;
  Complete(std::move(end));
  if (!status.ok() && !IsOfRecord(status) && !std::exchange(cannot_record_, true)) {
    CannotRecord(status);
  }
  if (recording_paused_ && (recording_ == nullptr || recording_->bytes() < kRecordingBytes / 2)) {
    recording_paused_ = false;
    Resume();
  }
}

void TaskStream::Complete(broker::TaskEnd end) {
  const auto it = tasks_.find(end.task);
  if (it == tasks_.end()) return;
  const Where where = std::move(it->second);
  tasks_.erase(it);
  const broker::TaskId task = end.task;
  const v1::TaskOutcome outcome = end.outcome;
  ledger_.End(outcome);
  Append({Event::Kind::kEnd, where.reference, where.instance, std::move(end)});
  Ended(task, where, outcome);
}

void TaskStream::OnIssued(broker::TaskId task) {
  const auto it = tasks_.find(task);
  if (it == tasks_.end() || !std::exchange(it->second.queued, false)) return;
  Issued(it->second);
}

}  // namespace scamper::runs
