// SPDX-License-Identifier: Apache-2.0
#include "server/service/unary_call.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "server/records/registry.h"
#include "server/service/owner.h"
#include "server/service/result.h"
#include "server/service/selection.h"
#include "server/service/status.h"
#include "server/service/task_spec.h"

namespace scamper::service {
namespace {

// Lives until OnDone, and until what was posted to the control thread has run; all members but
// self_ belong to that thread once Start() has posted. It is a client of the broker only until it
// finishes, so that its end needs no further turn of the control thread.
class UnaryCall final : public grpc::ServerUnaryReactor,
                        public broker::TaskClient,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(grpc::CallbackServerContext* context, broker::Broker* broker, base::Executor* control,
            const policy::Policy* policy, UnaryRequest request, v1::Result* result)
      : context_(context),
        broker_(broker),
        control_(control),
        policy_(policy),
        request_(std::make_shared<UnaryRequest>(std::move(request))),
        result_(result) {}

  void Start() {
    self_ = shared_from_this();
    std::vector<records::FieldViolation> violations = records::Validate(request_->measurement);
    if (!violations.empty()) {
      finished_ = true;
      Finish(InvalidArgument(violations));
      return;
    }
    control_->Post([self = self_] { self->Submit(); });
  }

  void OnCancel() override {
    control_->Post([self = self_] { self->Cancelled(); });
  }

  void OnDone() override { self_.reset(); }

  void OnProgress(broker::TaskId, std::string,
                  std::shared_ptr<const broker::RecordedUnder>) override {}
  bool WantsMore() override { return true; }

  void OnEnd(broker::TaskEnd end) override {
    // Nobody but the server itself halts a call that was not cancelled.
    if (end.outcome == v1::TASK_OUTCOME_HALTED) {
      return End(absl::UnavailableError("server is shutting down; the measurement was halted"));
    }
    if (end.outcome != v1::TASK_OUTCOME_RESULT) return End(end.status);
    v1::Task* task = result_->mutable_task();
    task->set_id(end.task);
    task->set_instance(instance_);
    End(MakeResult(std::move(end.record), end.under.get(), request_->options, result_));
  }

 private:
  void Submit() {
    if (finished_) return;
    absl::StatusOr<std::string> instance = SelectOne(*broker_, request_->instance);
    if (!instance.ok()) return End(instance.status());
    instance_ = *std::move(instance);
    client_ = broker_->AddClient(this, OwnerOf(*context_));
    broker::TaskSpec spec =
        MakeTaskSpec(policy_, instance_,
                     std::shared_ptr<const v1::Measurement>(request_, &request_->measurement));
    spec.may_wait = false;
    absl::StatusOr<broker::TaskId> task = broker_->Submit(client_, std::move(spec));
    if (!task.ok()) return End(task.status());
    task_ = *task;
  }

  void Cancelled() {
    if (finished_) return;
    const bool late = std::chrono::system_clock::now() >= context_->deadline();
    if (task_ != 0) {
      broker_->Halt(task_, late ? v1::TASK_OUTCOME_EXPIRED : v1::TASK_OUTCOME_HALTED);
    }
    End(late ? absl::DeadlineExceededError("the deadline passed; the measurement was halted")
             : absl::CancelledError("the client cancelled; the measurement was halted"));
  }

  void End(const absl::Status& status) {
    finished_ = true;
    if (client_ != 0) broker_->RemoveClient(client_);
    Finish(ToGrpc(status));
  }

  grpc::CallbackServerContext* const context_;
  broker::Broker* const broker_;
  base::Executor* const control_;
  const policy::Policy* const policy_;
  const std::shared_ptr<UnaryRequest> request_;
  v1::Result* const result_;
  std::string instance_;
  broker::Broker::ClientId client_ = 0;
  broker::TaskId task_ = 0;
  bool finished_ = false;
  std::shared_ptr<UnaryCall> self_;  // gRPC's.
};

}  // namespace

UnaryRequest MakeUnaryRequest(const google::protobuf::Message& request) {
  UnaryRequest unary;
  const auto* type = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  unary.instance = reflection->GetString(request, type->FindFieldByName("instance"));
  unary.options.CopyFrom(reflection->GetMessage(request, type->FindFieldByName("options")));
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const auto* kind = kinds->field(i);
    const auto* field = type->FindFieldByName(kind->name());
    if (field == nullptr) continue;
    unary.measurement.GetReflection()
        ->MutableMessage(&unary.measurement, kind)
        ->CopyFrom(reflection->GetMessage(request, field));
  }
  return unary;
}

grpc::ServerUnaryReactor* StartUnaryCall(grpc::CallbackServerContext* context,
                                         broker::Broker* broker, base::Executor* control,
                                         const policy::Policy* policy, UnaryRequest request,
                                         v1::Result* result) {
  auto call =
      std::make_shared<UnaryCall>(context, broker, control, policy, std::move(request), result);
  call->Start();
  return call.get();
}

}  // namespace scamper::service
