// SPDX-License-Identifier: Apache-2.0
#include "server/runs/run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/records/micros.h"

namespace scamper::runs {
namespace {

// Of one run for one instance. More would have no use: to take many thousand on in one go holds up
// what is sent meanwhile.
constexpr size_t kQueued = 1000;

// What StopRules.results_per_destination counts by.
std::string DestinationOf(const v1::Measurement& measurement, int index) {
  const auto* kinds = measurement.GetDescriptor()->FindOneofByName("kind");
  const auto* reflection = measurement.GetReflection();
  const auto* kind = reflection->GetOneofFieldDescriptor(measurement, kinds);
  const google::protobuf::Message& parameters = reflection->GetMessage(measurement, kind);
  for (const char* name : {"dst", "qname"}) {
    const auto* field = parameters.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) return parameters.GetReflection()->GetString(parameters, field);
  }
  return absl::StrCat("measurement ", index);
}

}  // namespace

Run::Run(const Context& context, JournalOptions options,
         std::shared_ptr<const v1::RunRequest> request, std::vector<Plan> plans,
         size_t tasks_per_instance)
    : TaskStream(context, std::move(options)),
      request_(std::move(request)),
      tasks_per_instance_(tasks_per_instance) {
  states_.reserve(plans.size());
  for (Plan& plan : plans) {
    auto name = std::make_shared<const std::string>(plan.instance);
    states_.push_back({std::move(plan), name});
    by_name_[*name] = &states_.back();
  }
  if (!request_->stop().has_results_per_destination()) return;
  for (int m = 0; m < request_->measurements_size(); ++m) {
    std::unique_ptr<Destination>& d = destinations_[DestinationOf(request_->measurements(m), m)];
    if (d == nullptr) d = std::make_unique<Destination>();
    destination_.push_back(d.get());
  }
}

void Run::Start() {
  const v1::StopRules& stop = request_->stop();
  last_end_ = control().Now();
  if (stop.has_quiet_time()) WaitQuietly(records::ToAbsl(stop.quiet_time()));
  if (stop.has_time_limit()) {
    limit_timer_ = control().After(records::ToAbsl(stop.time_limit()), [this] {
      if (!abandoned()) Stop(v1::STOP_REASON_TIME_LIMIT, v1::TASK_OUTCOME_EXPIRED);
    });
  }
  Drained();
}

void Run::WaitQuietly(absl::Duration rest) {
  quiet_timer_ = control().After(rest, [this] {
    if (abandoned()) return;
    const absl::Duration left =
        records::ToAbsl(request_->stop().quiet_time()) - (control().Now() - last_end_);
    if (left > absl::ZeroDuration()) return WaitQuietly(left);
    Stop(v1::STOP_REASON_QUIET_TIME, v1::TASK_OUTCOME_HALTED);
  });
}

void Run::Drained() {
  for (State& state : states_) Fill(state);
  FinishIfOver();
}

bool Run::Satisfied(uint32_t measurement) const {
  return !destination_.empty() &&
         destination_[measurement]->results >= request_->stop().results_per_destination();
}

void Run::Fill(State& state) {
  while (!stopped_ && state.next < state.plan.measurements.size() &&
         state.running < tasks_per_instance_ && state.queued < kQueued) {
    const uint32_t m = state.plan.measurements[state.next];
    if (Satisfied(m)) {
      ++not_accepted_;
      ++state.next;
      continue;
    }
    if (!WantsMore()) return;
    absl::StatusOr<broker::TaskId> task =
        Submit(state.instance, m,
               std::shared_ptr<const v1::Measurement>(request_, &request_->measurements(m)));
    if (!task.ok()) {
      stopped_ = true;
      status_ = task.status();
      return;
    }
    ++state.next;
    ++state.running;
    ++state.queued;
    if (!destination_.empty()) destination_[m]->tasks.insert(*task);
  }
}

void Run::Issued(const Where& where) {
  State& state = *by_name_.at(*where.instance);
  if (--state.queued == kQueued / 2) FillLater();
}

void Run::FillLater() {
  if (fill_timer_ != nullptr) return;
  fill_timer_ = control().After(absl::ZeroDuration(), [this] {
    fill_timer_.reset();
    if (!abandoned()) Drained();
  });
}

void Run::Ended(broker::TaskId task, const Where& where, v1::TaskOutcome outcome) {
  State& state = *by_name_.at(*where.instance);
  --state.running;
  if (where.queued) --state.queued;
  last_end_ = control().Now();
  CountResult(task, where, outcome);
  Fill(state);
  FinishIfOver();
}

void Run::CountResult(broker::TaskId task, const Where& where, v1::TaskOutcome outcome) {
  const v1::StopRules& stop = request_->stop();
  const bool result = outcome == v1::TASK_OUTCOME_RESULT;
  if (!destination_.empty()) {
    Destination& destination = *destination_[where.reference];
    destination.tasks.erase(task);
    if (result && ++destination.results == stop.results_per_destination()) {
      for (broker::TaskId other : destination.tasks) Halt(other, v1::TASK_OUTCOME_HALTED);
    }
  }
  if (result && ++results_ == stop.results() && stop.has_results()) {
    Stop(v1::STOP_REASON_RESULTS, v1::TASK_OUTCOME_HALTED);
  }
}

void Run::Stop(v1::StopReason reason, v1::TaskOutcome outcome) {
  if (stopped_ || finished()) return;
  stopped_ = true;
  stopped_by_ = reason;
  HaltAll(outcome);
  FinishIfOver();
}

void Run::CannotRecord(const absl::Status& status) {
  if (status_.ok()) status_ = status;
  Stop(v1::STOP_REASON_UNSPECIFIED, v1::TASK_OUTCOME_HALTED);
}

void Run::FinishIfOver() {
  if (finished() || !tasks().empty()) return;
  uint64_t left = 0;
  for (const State& state : states_) left += state.plan.measurements.size() - state.next;
  if (left > 0 && !stopped_) return;
  quiet_timer_.reset();
  limit_timer_.reset();
  fill_timer_.reset();
  Summary summary;
  summary.not_accepted = not_accepted_ + left;
  summary.stopped_by = stopped_by_;
  summary.status = status_;
  Finish(std::move(summary));
}

}  // namespace scamper::runs
