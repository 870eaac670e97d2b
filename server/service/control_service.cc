// SPDX-License-Identifier: Apache-2.0
#include "server/service/control_service.h"

#include <memory>
#include <string>
#include <utility>

#include "server/service/explain_call.h"
#include "server/service/owner.h"
#include "server/service/task_spec.h"

namespace scamper::service {

ControlService::ControlService(broker::Broker* broker, base::Executor* control, RunLimits limits,
                               recorder::Recorder* recorder)
    : broker_(broker),
      control_(control),
      limits_(limits),
      runs_{broker, control,
            [policy = limits.policy](std::string instance,
                                     std::shared_ptr<const v1::Measurement> measurement) {
              return MakeTaskSpec(policy, std::move(instance), std::move(measurement));
            },
            /*owner=*/"", recorder},
      kept_(std::make_unique<runs::Table<runs::Run>>(control, limits.grace)),
      sessions_(std::make_unique<Sessions>(control, limits.grace)) {}

void ControlService::ShutDown() {
  service::ShutDown(*watches_);
  service::ShutDown(*sessions_);
}

void ControlService::Close() {
  kept_.reset();
  sessions_.reset();
}

grpc::ServerUnaryReactor* ControlService::ListInstances(grpc::CallbackServerContext* context,
                                                        const v1::ListInstancesRequest*,
                                                        v1::ListInstancesResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  control_->Post([this, reactor, response] {
    for (v1::Instance& instance : broker_->Instances()) {
      *response->add_instances() = std::move(instance);
    }
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

grpc::ServerWriteReactor<v1::WatchInstancesResponse>* ControlService::WatchInstances(
    grpc::CallbackServerContext*, const v1::WatchInstancesRequest*) {
  return StartWatchCall(broker_, control_, watches_);
}

runs::Context ControlService::RunsOf(const grpc::CallbackServerContext& context) const {
  runs::Context runs = runs_;
  runs.owner = OwnerOf(context);
  return runs;
}

grpc::ServerWriteReactor<v1::RunResponse>* ControlService::Run(grpc::CallbackServerContext* context,
                                                               const v1::RunRequest* request) {
  return StartRunCall(context, RunsOf(*context), kept_.get(), limits_, request);
}

grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* ControlService::Session(
    grpc::CallbackServerContext* context) {
  return StartSessionCall(RunsOf(*context), sessions_.get(), limits_);
}

grpc::ServerWriteReactor<v1::ExplainResponse>* ControlService::Explain(
    grpc::CallbackServerContext*, const v1::ExplainRequest* request) {
  return StartExplainCall(broker_, control_, limits_.policy, request);
}

}  // namespace scamper::service
