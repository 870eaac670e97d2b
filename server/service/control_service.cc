// SPDX-License-Identifier: Apache-2.0
#include "server/service/control_service.h"

#include <utility>

#include "server/service/explain_call.h"

namespace scamper::service {

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

grpc::ServerWriteReactor<v1::RunResponse>* ControlService::Run(grpc::CallbackServerContext* context,
                                                               const v1::RunRequest* request) {
  return StartRunCall(context, broker_, control_, limits_, request);
}

grpc::ServerWriteReactor<v1::ExplainResponse>* ControlService::Explain(
    grpc::CallbackServerContext*, const v1::ExplainRequest* request) {
  return StartExplainCall(broker_, control_, limits_.policy, request);
}

}  // namespace scamper::service
