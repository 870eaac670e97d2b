// SPDX-License-Identifier: Apache-2.0
#include "server/service/explain_call.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scamper/v1/control.pb.h"
#include "server/control/session.h"
#include "server/records/micros.h"
#include "server/records/probing.h"
#include "server/records/registry.h"
#include "server/service/run_request.h"
#include "server/service/selection.h"
#include "server/service/status.h"

namespace scamper::service {
namespace {

// What packets take at that rate, in microseconds.
int64_t AtRate(uint64_t packets, uint32_t pps) {
  return static_cast<int64_t>(static_cast<double>(packets) / pps * 1e6);
}

// A plan, with what is known of its instance.
struct Part {
  runs::Plan plan;
  v1::Instance instance;
  bool known() const { return instance.has_pps() && instance.pps() > 0; }
};

// The members are, after Start, of one thread at a time: the control thread's until the first
// write, then the one's that OnWriteDone is called on.
class ExplainCall final : public grpc::ServerWriteReactor<v1::ExplainResponse> {
 public:
  ExplainCall(broker::Broker* broker, base::Executor* control, const policy::Policy* policy,
              const v1::ExplainRequest* request)
      : broker_(broker), control_(control), policy_(policy) {
    *run_.mutable_measurements() = request->measurements();
    *run_.mutable_instances() = request->instances();
    run_.set_all_instances(request->all_instances());
    run_.set_instance_filter(request->instance_filter());
  }

  void Start() {
    const std::vector<records::FieldViolation> violations = ValidateRun(run_);
    if (!violations.empty()) {
      Finish(InvalidArgument(violations));
      return;
    }
    control_->Post([this] { Select(); });
  }

  void OnWriteDone(bool ok) override {
    if (ok && !cancelled_.load(std::memory_order_relaxed)) return WriteNext();
    Finish(grpc::Status::CANCELLED);
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

 private:
  void Select() {
    absl::StatusOr<std::vector<runs::Plan>> plans = SelectForRun(*broker_, run_);
    if (!plans.ok()) return Finish(ToGrpc(plans.status()));
    for (runs::Plan& plan : *plans) {
      v1::Instance instance = broker_->Find(plan.instance).value_or(v1::Instance());
      parts_.push_back({std::move(plan), std::move(instance)});
    }
    WriteNext();
  }

  void WriteNext() {
    if (part_ == parts_.size()) return Finish(grpc::Status::OK);
    const Part& part = parts_[part_];
    response_.Clear();
    if (task_ < part.plan.measurements.size()) {
      Explain(part, part.plan.measurements[task_++], response_.mutable_task());
      Add(part, response_.task());
    } else {
      *response_.mutable_instance() = std::exchange(sums_, {});
      task_ = 0;
      ++part_;
    }
    StartWrite(&response_);
  }

  void Explain(const Part& part, uint32_t index, v1::ExplainedTask* task) const {
    const v1::Measurement& measurement = run_.measurements(static_cast<int>(index));
    task->set_instance(part.plan.instance);
    task->set_measurement(index);
    const int date = control::VersionDate(part.instance.version());
    if (date != 0) task->set_version(part.instance.version());
    const records::Probing probing = records::ProbingOf(measurement);
    task->set_packets(probing.packets);
    if (probing.packets_max) task->set_packets_max(*probing.packets_max);
    const int64_t at_rate = part.known() ? AtRate(probing.packets, part.instance.pps()) : 0;
    records::SetMicros(static_cast<uint64_t>(std::max(probing.micros, at_rate)),
                       task->mutable_duration());
    const absl::StatusOr<std::string> command = records::Command(measurement, date);
    if (command.ok()) task->set_command(*command);
    const absl::Status allowed = policy_ != nullptr ? policy_->Check(measurement) : absl::Status();
    if (!allowed.ok()) return End(v1::TASK_OUTCOME_REFUSED, allowed, task);
    if (!command.ok()) return End(v1::TASK_OUTCOME_REJECTED, command.status(), task);
    if (part.instance.state() == v1::INSTANCE_STATE_READY) return;
    End(v1::TASK_OUTCOME_INSTANCE_LOST,
        absl::UnavailableError(absl::StrCat(
            "instance ", part.plan.instance, " is not ready",
            part.instance.error().empty() ? "" : absl::StrCat(": ", part.instance.error()))),
        task);
  }

  static void End(v1::TaskOutcome outcome, const absl::Status& status, v1::ExplainedTask* task) {
    task->set_outcome(outcome);
    *task->mutable_status() = ToRpc(status);
  }

  void Add(const Part& part, const v1::ExplainedTask& task) {
    if (task_ == 1) {
      sums_.set_instance(part.plan.instance);
      if (part.instance.has_pps()) sums_.set_pps(part.instance.pps());
      if (part.known()) sums_.mutable_duration();
      sums_.set_packets_max(0);
      bounded_ = true;
    }
    if (task.outcome() != v1::TASK_OUTCOME_UNSPECIFIED) {
      sums_.set_not_sent(sums_.not_sent() + 1);
      return;
    }
    sums_.set_tasks(sums_.tasks() + 1);
    sums_.set_packets(sums_.packets() + task.packets());
    bounded_ = bounded_ && task.has_packets_max();
    if (bounded_) {
      sums_.set_packets_max(sums_.packets_max() + task.packets_max());
    } else {
      sums_.clear_packets_max();
    }
    if (!part.known()) return;
    const auto at_rate = static_cast<uint64_t>(AtRate(sums_.packets(), part.instance.pps()));
    records::SetMicros(
        std::max({records::Micros(sums_.duration()), records::Micros(task.duration()), at_rate}),
        sums_.mutable_duration());
  }

  broker::Broker* const broker_;
  base::Executor* const control_;
  const policy::Policy* const policy_;
  v1::RunRequest run_;
  std::vector<Part> parts_;
  // Of what is to be written next.
  size_t part_ = 0;
  size_t task_ = 0;
  v1::ExplainedInstance sums_;
  bool bounded_ = true;
  v1::ExplainResponse response_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

grpc::ServerWriteReactor<v1::ExplainResponse>* StartExplainCall(broker::Broker* broker,
                                                                base::Executor* control,
                                                                const policy::Policy* policy,
                                                                const v1::ExplainRequest* request) {
  auto* call = new ExplainCall(broker, control, policy, request);
  call->Start();
  return call;
}

}  // namespace scamper::service
