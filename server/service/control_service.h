// SPDX-License-Identifier: Apache-2.0
// ScamperControl for gRPC: thin; what it does stands in broker/ and records/.
#pragma once

#include <memory>

#include "scamper/v1/control.grpc.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/service/run_call.h"
#include "server/service/watch_call.h"

namespace scamper::service {

// Thread-safe, as gRPC calls it. `broker` belongs to the thread of `control`; both outlive this.
class ControlService final : public v1::ScamperControl::CallbackService {
 public:
  ControlService(broker::Broker* broker, base::Executor* control, RunLimits limits = {})
      : broker_(broker), control_(control), limits_(limits) {}

  // Ends the watches. On the control thread.
  void ShutDown() { service::ShutDown(*watches_); }

  grpc::ServerUnaryReactor* ListInstances(grpc::CallbackServerContext* context,
                                          const v1::ListInstancesRequest* request,
                                          v1::ListInstancesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchInstancesResponse>* WatchInstances(
      grpc::CallbackServerContext* context, const v1::WatchInstancesRequest* request) override;
  grpc::ServerUnaryReactor* Ping(grpc::CallbackServerContext* context,
                                 const v1::PingRequest* request,
                                 v1::PingResponse* response) override;
  grpc::ServerUnaryReactor* Trace(grpc::CallbackServerContext* context,
                                  const v1::TraceRequest* request,
                                  v1::TraceResponse* response) override;
  grpc::ServerWriteReactor<v1::RunResponse>* Run(grpc::CallbackServerContext* context,
                                                 const v1::RunRequest* request) override;

 private:
  broker::Broker* const broker_;
  base::Executor* const control_;
  const RunLimits limits_;
  const std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
};

}  // namespace scamper::service
