// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fake_server.h"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace scamper::cli {
namespace {

void FillTask(v1::Task* task, const std::string& instance, uint32_t measurement) {
  task->set_id(measurement + 1);
  task->set_instance(instance);
  task->set_measurement(measurement);
}

}  // namespace

FakeServer::FakeServer() : run(Succeed) {
  char directory[] = "/tmp/scamper-cli-test-XXXXXX";
  directory_ = mkdtemp(directory);
  address_ = "unix:" + directory_ + "/s";
  server_ = grpc::ServerBuilder()
                .AddListeningPort(address_, grpc::InsecureServerCredentials())
                .RegisterService(this)
                .BuildAndStart();
}

FakeServer::~FakeServer() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  unlink((directory_ + "/s").c_str());
  rmdir(directory_.c_str());
}

v1::RunRequest FakeServer::request() {
  std::lock_guard<std::mutex> lock(mutex_);
  return request_;
}

bool FakeServer::had_deadline() {
  std::lock_guard<std::mutex> lock(mutex_);
  return had_deadline_;
}

grpc::Status FakeServer::ListInstances(grpc::ServerContext*,
                                       const v1::ListInstancesRequest* request,
                                       v1::ListInstancesResponse* response) {
  list_filter = request->instance_filter();
  *response = instances;
  return list_status;
}

grpc::Status FakeServer::Run(grpc::ServerContext* context, const v1::RunRequest* request,
                             grpc::ServerWriter<v1::RunResponse>* writer) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    request_ = *request;
    had_deadline_ =
        context->deadline() < std::chrono::system_clock::now() + std::chrono::hours(24 * 365);
  }
  return run(context, *request, writer);
}

void AddInstance(v1::ListInstancesResponse* response, const std::string& name,
                 v1::InstanceState state) {
  v1::Instance* instance = response->add_instances();
  instance->set_name(name);
  instance->set_endpoint("unix:/run/" + name);
  instance->set_state(state);
  instance->set_warts_preamble("preamble of " + name + ";");
}

grpc::Status Succeed(grpc::ServerContext*, const v1::RunRequest& request,
                     grpc::ServerWriter<v1::RunResponse>* writer) {
  for (const std::string& instance : request.instances()) {
    for (int i = 0; i < request.measurements_size(); ++i) writer->Write(Accepted(instance, i));
    for (int i = 0; i < request.measurements_size(); ++i) {
      writer->Write(PingResult(instance, i, request.measurements(i).ping().dst()));
    }
  }
  v1::RunResponse done;
  done.mutable_done()->mutable_ledger();
  writer->Write(done);
  return grpc::Status::OK;
}

v1::RunResponse Accepted(const std::string& instance, uint32_t measurement) {
  v1::RunResponse event;
  FillTask(event.mutable_accepted()->mutable_task(), instance, measurement);
  return event;
}

v1::RunResponse PingResult(const std::string& instance, uint32_t measurement,
                           const std::string& dst) {
  v1::RunResponse event;
  FillTask(event.mutable_result()->mutable_task(), instance, measurement);
  event.mutable_result()->set_warts("record of " + dst + ";");
  v1::Ping* ping = event.mutable_result()->mutable_record()->mutable_ping();
  ping->set_src("192.0.2.200");
  ping->set_dst(dst);
  ping->set_probe_size(84);
  return event;
}

v1::RunResponse Error(const std::string& instance, uint32_t measurement, v1::TaskOutcome outcome,
                      const std::string& message) {
  v1::RunResponse event;
  FillTask(event.mutable_error()->mutable_task(), instance, measurement);
  event.mutable_error()->set_outcome(outcome);
  event.mutable_error()->mutable_status()->set_message(message);
  return event;
}

grpc::Status BadRequest(const std::vector<std::pair<std::string, std::string>>& violations) {
  google::rpc::BadRequest bad;
  for (const auto& [field, description] : violations) {
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(description);
  }
  google::rpc::Status status;
  status.set_code(grpc::StatusCode::INVALID_ARGUMENT);
  status.add_details()->PackFrom(bad);
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the text of the status",
                      status.SerializeAsString());
}

}  // namespace scamper::cli
