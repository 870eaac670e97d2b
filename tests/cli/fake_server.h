// SPDX-License-Identifier: Apache-2.0
// A server that answers as a test says.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "grpcpp/grpcpp.h"
#include "scamper/v1/control.grpc.pb.h"

namespace scamper::cli {

// Listens on a unix socket of its own. The functions must be set before a client calls.
class FakeServer final : public v1::ScamperControl::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  const std::string& address() const { return address_; }
  // The last request of Run.
  v1::RunRequest request();
  // The deadline of the last call of Run was set.
  bool had_deadline();

  v1::ListInstancesResponse instances;
  grpc::Status list_status;
  std::function<grpc::Status(const v1::ExplainRequest&, grpc::ServerWriter<v1::ExplainResponse>*)>
      explain;
  // What AttachInstance and DetachInstance end with, and what they were asked.
  grpc::Status attach_status;
  v1::AttachInstanceRequest attached;
  v1::DetachInstanceRequest detached;
  // Of the last ListInstances.
  std::string list_filter;
  std::function<grpc::Status(grpc::ServerContext*, const v1::RunRequest&,
                             grpc::ServerWriter<v1::RunResponse>*)>
      run;

  grpc::Status ListInstances(grpc::ServerContext*, const v1::ListInstancesRequest*,
                             v1::ListInstancesResponse* response) override;
  grpc::Status AttachInstance(grpc::ServerContext*, const v1::AttachInstanceRequest* request,
                              v1::AttachInstanceResponse* response) override {
    attached = *request;
    response->set_name("the name");
    return attach_status;
  }
  grpc::Status DetachInstance(grpc::ServerContext*, const v1::DetachInstanceRequest* request,
                              v1::DetachInstanceResponse*) override {
    detached = *request;
    return attach_status;
  }
  grpc::Status Run(grpc::ServerContext* context, const v1::RunRequest* request,
                   grpc::ServerWriter<v1::RunResponse>* writer) override;
  grpc::Status Explain(grpc::ServerContext*, const v1::ExplainRequest* request,
                       grpc::ServerWriter<v1::ExplainResponse>* writer) override {
    return explain(*request, writer);
  }

 private:
  std::string directory_;
  std::string address_;
  std::mutex mutex_;
  v1::RunRequest request_;     // Guarded by mutex_.
  bool had_deadline_ = false;  // Guarded by mutex_.
  std::unique_ptr<grpc::Server> server_;
};

void AddInstance(v1::ListInstancesResponse* response, const std::string& name,
                 v1::InstanceState state = v1::INSTANCE_STATE_READY);

// The events of a run that succeeds: accepted and a ping without replies for each measurement and
// instance of the request, then done.
grpc::Status Succeed(grpc::ServerContext*, const v1::RunRequest& request,
                     grpc::ServerWriter<v1::RunResponse>* writer);

v1::RunResponse Accepted(const std::string& instance, uint32_t measurement);
v1::RunResponse PingResult(const std::string& instance, uint32_t measurement,
                           const std::string& dst);
v1::RunResponse Error(const std::string& instance, uint32_t measurement, v1::TaskOutcome outcome,
                      const std::string& message);

// INVALID_ARGUMENT with the violations as details, each {field, description}.
grpc::Status BadRequest(const std::vector<std::pair<std::string, std::string>>& violations);

}  // namespace scamper::cli
