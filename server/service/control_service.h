// SPDX-License-Identifier: Apache-2.0
// ScamperControl for gRPC: thin; what it does stands in broker/ and records/.
#pragma once

#include <memory>

#include "google/protobuf/message.h"
#include "scamper/v1/control.grpc.pb.h"
#include "server/base/executor.h"
#include "server/broker/broker.h"
#include "server/broker/fleet.h"
#include "server/runs/run.h"
#include "server/runs/table.h"
#include "server/service/run_call.h"
#include "server/service/session_call.h"
#include "server/service/unary_call.h"
#include "server/service/watch_call.h"

namespace scamper::service {

// Thread-safe, as gRPC calls it. `broker` and `fleet` belong to the thread of `control`; all
// outlive this.
class ControlService final : public v1::ScamperControl::CallbackService {
 public:
  // `recorder` is null where the server has no store. Instances can be attached and detached by
  // clients where `allow_attach`.
  ControlService(broker::Broker* broker, broker::Fleet* fleet, base::Executor* control,
                 RunLimits limits = {}, recorder::Recorder* recorder = nullptr,
                 bool allow_attach = false);

  // Ends the watches; sessions take on nothing more. On the control thread.
  void ShutDown();
  // Forgets the runs and sessions that outlive their calls. On the control thread, when no call is
  // left, before the broker is destroyed.
  void Close();

  grpc::ServerUnaryReactor* ListInstances(grpc::CallbackServerContext* context,
                                          const v1::ListInstancesRequest* request,
                                          v1::ListInstancesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchInstancesResponse>* WatchInstances(
      grpc::CallbackServerContext* context, const v1::WatchInstancesRequest* request) override;
  grpc::ServerUnaryReactor* AttachInstance(grpc::CallbackServerContext* context,
                                           const v1::AttachInstanceRequest* request,
                                           v1::AttachInstanceResponse* response) override;
  grpc::ServerUnaryReactor* DetachInstance(grpc::CallbackServerContext* context,
                                           const v1::DetachInstanceRequest* request,
                                           v1::DetachInstanceResponse* response) override;
  // One measurement each; which one, the request says.
  grpc::ServerUnaryReactor* Ping(grpc::CallbackServerContext* context,
                                 const v1::PingRequest* request,
                                 v1::PingResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Trace(grpc::CallbackServerContext* context,
                                  const v1::TraceRequest* request,
                                  v1::TraceResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Tracelb(grpc::CallbackServerContext* context,
                                    const v1::TracelbRequest* request,
                                    v1::TracelbResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Dns(grpc::CallbackServerContext* context, const v1::DnsRequest* request,
                                v1::DnsResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Http(grpc::CallbackServerContext* context,
                                 const v1::HttpRequest* request,
                                 v1::HttpResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Udpprobe(grpc::CallbackServerContext* context,
                                     const v1::UdpprobeRequest* request,
                                     v1::UdpprobeResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Mercator(grpc::CallbackServerContext* context,
                                     const v1::MercatorRequest* request,
                                     v1::MercatorResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Ally(grpc::CallbackServerContext* context,
                                 const v1::AllyRequest* request,
                                 v1::AllyResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Radargun(grpc::CallbackServerContext* context,
                                     const v1::RadargunRequest* request,
                                     v1::RadargunResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Prefixscan(grpc::CallbackServerContext* context,
                                       const v1::PrefixscanRequest* request,
                                       v1::PrefixscanResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Bump(grpc::CallbackServerContext* context,
                                 const v1::BumpRequest* request,
                                 v1::BumpResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Midarest(grpc::CallbackServerContext* context,
                                     const v1::MidarestRequest* request,
                                     v1::MidarestResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Midardisc(grpc::CallbackServerContext* context,
                                      const v1::MidardiscRequest* request,
                                      v1::MidardiscResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Sniff(grpc::CallbackServerContext* context,
                                  const v1::SniffRequest* request,
                                  v1::SniffResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Neighbourdisc(grpc::CallbackServerContext* context,
                                          const v1::NeighbourdiscRequest* request,
                                          v1::NeighbourdiscResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Tbit(grpc::CallbackServerContext* context,
                                 const v1::TbitRequest* request,
                                 v1::TbitResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerUnaryReactor* Owamp(grpc::CallbackServerContext* context,
                                  const v1::OwampRequest* request,
                                  v1::OwampResponse* response) override {
    return Measure(context, *request, response->mutable_result());
  }
  grpc::ServerWriteReactor<v1::RunResponse>* Run(grpc::CallbackServerContext* context,
                                                 const v1::RunRequest* request) override;
  grpc::ServerWriteReactor<v1::ExplainResponse>* Explain(
      grpc::CallbackServerContext* context, const v1::ExplainRequest* request) override;
  grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* Session(
      grpc::CallbackServerContext* context) override;

 private:
  // What the runs and sessions of that call are to be of.
  runs::Context RunsOf(const grpc::CallbackServerContext& context) const;
  // `request` is any of those above: instance, parameters, options.
  grpc::ServerUnaryReactor* Measure(grpc::CallbackServerContext* context,
                                    const google::protobuf::Message& request, v1::Result* result) {
    return StartUnaryCall(context, broker_, control_, limits_.policy, MakeUnaryRequest(request),
                          result);
  }

  broker::Broker* const broker_;
  broker::Fleet* const fleet_;
  base::Executor* const control_;
  const RunLimits limits_;
  const bool allow_attach_;
  const std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
  const runs::Context runs_;
  // The control thread's. Null after Close.
  std::unique_ptr<runs::Table<runs::Run>> kept_;
  std::unique_ptr<Sessions> sessions_;
};

}  // namespace scamper::service
