// SPDX-License-Identifier: Apache-2.0
#include "server/service/control_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/control/endpoint.h"
#include "server/control/session.h"
#include "server/service/explain_call.h"
#include "server/service/instance_filter.h"
#include "server/service/owner.h"
#include "server/service/status.h"
#include "server/service/task_spec.h"

namespace scamper::service {

namespace {

absl::Status NotAllowed() {
  return absl::PermissionDeniedError(
      "instances are attached and detached by administrators only: start the server with "
      "--allow_attach to allow it to every client");
}

absl::StatusOr<std::string> Attach(broker::Fleet& fleet, const v1::AttachInstanceRequest& request) {
  absl::StatusOr<control::Endpoint> endpoint = control::ParseEndpoint(request.endpoint());
  if (!endpoint.ok()) return endpoint.status();
  if (!request.version().empty() && control::VersionDate(request.version()) == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "version: must be one of scamper, e.g. 20230614, is '", request.version(), "'"));
  }
  return fleet.Attach(*endpoint, request.name(), request.version());
}

}  // namespace

ControlService::ControlService(broker::Broker* broker, broker::Fleet* fleet,
                               base::Executor* control, RunLimits limits,
                               recorder::Recorder* recorder, bool allow_attach)
    : broker_(broker),
      fleet_(fleet),
      control_(control),
      limits_(limits),
      allow_attach_(allow_attach),
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
                                                        const v1::ListInstancesRequest* request,
                                                        v1::ListInstancesResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  std::optional<filter::Filter> filter;
  if (!request->instance_filter().empty()) {
    absl::StatusOr<filter::Filter> parsed = ParseInstanceFilter(request->instance_filter());
    if (!parsed.ok()) {
      reactor->Finish(ToGrpc(parsed.status()));
      return reactor;
    }
    filter = *std::move(parsed);
  }
  control_->Post([this, reactor, response, filter = std::move(filter)] {
    for (v1::Instance& instance : broker_->Instances()) {
      if (filter && !Matches(*filter, instance)) continue;
      *response->add_instances() = std::move(instance);
    }
    for (v1::InstanceSource& source : fleet_->Sources()) {
      *response->add_sources() = std::move(source);
    }
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::AttachInstance(grpc::CallbackServerContext* context,
                                                         const v1::AttachInstanceRequest* request,
                                                         v1::AttachInstanceResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!allow_attach_) {
    reactor->Finish(ToGrpc(NotAllowed()));
    return reactor;
  }
  control_->Post([this, reactor, request, response] {
    const absl::StatusOr<std::string> name = Attach(*fleet_, *request);
    if (name.ok()) response->set_name(*name);
    reactor->Finish(ToGrpc(name.status()));
  });
  return reactor;
}

grpc::ServerUnaryReactor* ControlService::DetachInstance(grpc::CallbackServerContext* context,
                                                         const v1::DetachInstanceRequest* request,
                                                         v1::DetachInstanceResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!allow_attach_) {
    reactor->Finish(ToGrpc(NotAllowed()));
    return reactor;
  }
  control_->Post(
      [this, reactor, request] { reactor->Finish(ToGrpc(fleet_->Detach(request->name()))); });
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
