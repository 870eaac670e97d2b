// SPDX-License-Identifier: Apache-2.0
// The whole server but the sockets: gRPC in process, on instances that answer as recorded ones did.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "server/broker/fleet.h"
#include "server/control/asio_executor.h"
#include "server/records/registry.h"
#include "server/service/control_service.h"
#include "server/service/record_reader.h"
#include "tests/fakes/replayed_session.h"

namespace scamper::service {

inline constexpr int kNewest = 20260420;

inline v1::Measurement Ping(const std::string& dst, uint32_t userid) {
  v1::Measurement m;
  m.mutable_ping()->set_dst(dst);
  m.mutable_ping()->set_attempts(3);
  m.mutable_ping()->set_userid(userid);
  return m;
}

inline std::string CommandOf(const v1::Measurement& m, int version = kNewest) {
  absl::StatusOr<std::string> command = records::Command(m, version);
  EXPECT_TRUE(command.ok()) << command.status();
  return *command;
}

// A server on instances that were recorded from scamper 20260420.
class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    absl::StatusOr<control::Recording> recording =
        control::LoadRecording(SCAMPER_TESTDATA "/sessions/scamper-20260420/ping.session.json");
    EXPECT_TRUE(recording.ok()) << recording.status();
    absl::StatusOr<control::ReplayScript> script = control::ReplayScript::Make({*recording});
    EXPECT_TRUE(script.ok()) << script.status();
    script_ = *std::move(script);
    // The same results for our own spelling of the commands.
    answer_ = script_.answers.at("ping -c 3 -i 0.1 -P icmp-echo -U 0 192.0.2.6");
    for (uint32_t u = 0; u < 200; ++u) script_.answers[CommandOf(Ping("192.0.2.6", u))] = answer_;
  }

  ~ServiceTest() override {
    StopServer();
    thread_.Stop();
  }

  // All but the control thread.
  void StopServer() {
    if (!server_) return;
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    server_->Wait();
    OnControl([this] {
      service_->Close();
      fleet_.reset();
      broker_.reset();
    });
    server_.reset();
  }

  void OnControl(std::function<void()> f) {
    std::promise<void> done;
    thread_.executor()->Post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  void Start(std::vector<std::string> names, control::ReplayOptions options = {},
             RunLimits limits = {}, recorder::Recorder* recorder = nullptr) {
    if (options.info.version.empty()) {
      options.info = {"20260420", kNewest, 1000, "vp-monitor"};
    }
    thread_.Start();
    broker_ = broker::MakeBroker({}, thread_.executor(), &reader_);
    fleet_ = std::make_unique<broker::Fleet>(broker_.get(), nullptr);
    OnControl([&] {
      for (const std::string& name : names) {
        absl::Status added = broker_->AddInstance(
            {name, "replay:" + name,
             control::MakeReplayConnector(script_, options, thread_.executor())});
        EXPECT_TRUE(added.ok()) << added;
      }
    });
    service_ = std::make_unique<ControlService>(broker_.get(), fleet_.get(), thread_.executor(),
                                                limits, recorder);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::ScamperControl::NewStub(server_->InProcessChannel({}));
    for (const std::string& name : names) WaitFor(name, v1::INSTANCE_STATE_READY);
  }

  v1::ListInstancesResponse List() {
    grpc::ClientContext context;
    v1::ListInstancesResponse response;
    EXPECT_TRUE(stub_->ListInstances(&context, {}, &response).ok());
    return response;
  }

  void WaitFor(const std::string& name, v1::InstanceState state) {
    grpc::ClientContext context;
    auto stream = stub_->WatchInstances(&context, {});
    v1::WatchInstancesResponse response;
    while (stream->Read(&response)) {
      if (response.instance().name() == name && response.instance().state() == state) break;
    }
    context.TryCancel();
    stream->Finish();
  }

  // Until the broker has seen that `f` holds.
  void Eventually(std::function<bool(const v1::Instance&)> f) {
    for (;;) {
      if (f(List().instances(0))) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  grpc::Status PingOnce(const v1::Measurement& m, const std::string& instance,
                        v1::PingResponse* response, v1::ResultOptions options = {}) {
    grpc::ClientContext context;
    v1::PingRequest request;
    request.set_instance(instance);
    *request.mutable_ping() = m.ping();
    *request.mutable_options() = options;
    return stub_->Ping(&context, request, response);
  }

  std::vector<v1::RunResponse> Run(const v1::RunRequest& request, grpc::Status* status) {
    grpc::ClientContext context;
    auto stream = stub_->Run(&context, request);
    std::vector<v1::RunResponse> events;
    v1::RunResponse event;
    while (stream->Read(&event)) events.push_back(event);
    *status = stream->Finish();
    return events;
  }

  control::ReplayScript script_;
  control::ReplayScript::Answer answer_;
  RecordReader reader_;
  control::ControlThread thread_;
  std::unique_ptr<broker::Broker> broker_;
  std::unique_ptr<broker::Fleet> fleet_;
  std::unique_ptr<ControlService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::ScamperControl::Stub> stub_;
};

}  // namespace scamper::service
