// SPDX-License-Identifier: Apache-2.0
// The whole server but the sockets: gRPC in process, on instances that answer as recorded ones did.
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "tests/service/service_testing.h"

namespace scamper::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Fields(const grpc::Status& status) {
  google::rpc::Status rpc;
  EXPECT_TRUE(rpc.ParseFromString(status.error_details()));
  std::vector<std::string> fields;
  for (const auto& any : rpc.details()) {
    google::rpc::BadRequest bad;
    if (!any.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  }
  return fields;
}

TEST_F(ServiceTest, AnInstanceShowsWhatTheDaemonSaysOfItself) {
  Start({"vp1", "vp2"});
  v1::ListInstancesResponse list = List();
  ASSERT_EQ(list.instances_size(), 2);
  const v1::Instance& vp1 = list.instances(0);
  EXPECT_EQ(vp1.name(), "vp1");
  EXPECT_EQ(vp1.endpoint(), "replay:vp1");
  EXPECT_EQ(vp1.version(), "20260420");
  EXPECT_EQ(vp1.pps(), 1000u);
  EXPECT_EQ(vp1.monitor_name(), "vp-monitor");
  EXPECT_EQ(vp1.list().name(), "lab-vp1");
  EXPECT_EQ(vp1.list().monitor(), "vp1");
  EXPECT_EQ(vp1.cycle().id(), 3u);
  EXPECT_EQ(vp1.warts_preamble(), script_.list_record + script_.cycle_record);
}

TEST_F(ServiceTest, APingOfTheNewestDaemonComesBackTypedAndExact) {
  Start({"vp1"});
  v1::ResultOptions options;
  options.set_warts(true);
  options.set_addresses(true);
  v1::PingResponse response;
  grpc::Status status = PingOnce(Ping("192.0.2.6", 0), "", &response, options);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::Result& result = response.result();
  EXPECT_EQ(result.warts(), answer_.results.back().record);
  EXPECT_EQ(result.record().ping().dst(), "192.0.2.6");
  EXPECT_EQ(result.record().ping().summary().nreplies(), 3u);
  EXPECT_EQ(result.list().name(), "lab-vp1");
  EXPECT_EQ(result.cycle().id(), 3u);
  EXPECT_EQ(result.task().instance(), "vp1");
  ASSERT_EQ(result.addresses_size(), 2);
  EXPECT_TRUE(result.addresses(1).reserved());
}

TEST_F(ServiceTest, AnUnknownInstanceIsNotFound) {
  Start({"vp1"});
  v1::PingResponse response;
  grpc::Status status = PingOnce(Ping("192.0.2.6", 0), "nobody", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("nobody"));
}

TEST_F(ServiceTest, WithSeveralInstancesOneMustBeNamed) {
  Start({"vp1", "vp2"});
  v1::PingResponse response;
  grpc::Status status = PingOnce(Ping("192.0.2.6", 0), "", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("vp1, vp2"));
}

TEST_F(ServiceTest, EveryParameterOutOfRangeIsNamed) {
  Start({"vp1"});
  v1::Measurement m = Ping("192.0.2.6", 0);
  m.mutable_ping()->set_ttl(256);
  m.mutable_ping()->set_attempts(0);
  v1::PingResponse response;
  grpc::Status status = PingOnce(m, "vp1", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Fields(status), testing::UnorderedElementsAre("ping.ttl", "ping.attempts"));
}

TEST_F(ServiceTest, InARunTheMeasurementOfABadParameterIsNamed) {
  Start({"vp1"});
  v1::RunRequest request;
  *request.add_measurements() = Ping("192.0.2.6", 0);
  *request.add_measurements() = Ping("192.0.2.6 -O spoof", 0);
  request.add_measurements();
  grpc::Status status;
  EXPECT_TRUE(Run(request, &status).empty());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Fields(status), ElementsAre("measurements[1].ping.dst", "measurements[2].kind"));
}

TEST_F(ServiceTest, ARejectionPassesOnScampersTextAndTheCommand) {
  control::ReplayScript::Answer refused;
  refused.error = "command not accepted: destination in do-not-probe list";
  script_.answers[CommandOf(Ping("192.0.2.7", 5))] = refused;
  Start({"vp1"});
  v1::PingResponse response;
  grpc::Status status = PingOnce(Ping("192.0.2.7", 5), "vp1", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status.error_message(), HasSubstr("destination in do-not-probe list"));
  EXPECT_THAT(status.error_message(), HasSubstr("-U 5"));
}

TEST_F(ServiceTest, ADaemonTooOldForAParameterIsAFailedPrecondition) {
  control::ReplayOptions old;
  old.info = {"20211212", 20211212, 100, std::nullopt};
  Start({"vp1"}, old);
  v1::Measurement m = Ping("192.0.2.6", 0);
  m.mutable_ping()->set_payload_size(100);
  v1::PingResponse response;
  grpc::Status status = PingOnce(m, "vp1", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("20240117"));
}

TEST_F(ServiceTest, ARunTellsOfEveryTaskOnceAndItsLedgerAddsUp) {
  control::ReplayScript::Answer refused;
  refused.error = "command not accepted: no";
  script_.answers[CommandOf(Ping("192.0.2.7", 0))] = refused;
  Start({"vp1", "vp2"});
  v1::RunRequest request;
  for (uint32_t u = 0; u < 50; ++u) *request.add_measurements() = Ping("192.0.2.6", u);
  *request.add_measurements() = Ping("192.0.2.7", 0);
  request.mutable_measurements(50)->add_instances("vp2");
  request.set_all_instances(true);
  grpc::Status status;
  std::vector<v1::RunResponse> events = Run(request, &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  std::map<uint64_t, int> accepted, ended;
  for (const v1::RunResponse& event : events) {
    if (event.has_accepted()) ++accepted[event.accepted().task().id()];
    if (event.has_result()) {
      EXPECT_EQ(accepted[event.result().task().id()], 1);
      ++ended[event.result().task().id()];
    }
    if (event.has_error()) {
      ++ended[event.error().task().id()];
      EXPECT_EQ(event.error().outcome(), v1::TASK_OUTCOME_REJECTED);
      EXPECT_EQ(event.error().task().instance(), "vp2");
      EXPECT_EQ(event.error().task().measurement(), 50u);
      EXPECT_EQ(event.error().status().code(), grpc::StatusCode::ABORTED);
    }
  }
  EXPECT_EQ(accepted.size(), 101u);
  EXPECT_EQ(accepted, ended);
  const v1::Ledger& ledger = events.back().done().ledger();
  EXPECT_EQ(ledger.accepted(), 101u);
  EXPECT_EQ(ledger.results(), 100u);
  EXPECT_EQ(ledger.rejected(), 1u);
}

TEST_F(ServiceTest, ARecordThatCannotBeReadKeepsItsBytesInARun) {
  control::ReplayScript::Answer damaged = answer_;
  // The last reply ends early.
  std::string& record = damaged.results.back().record;
  record.pop_back();
  record[7] = static_cast<char>(record[7] - 1);
  const v1::Measurement measurement = Ping("192.0.2.6", 0);
  script_.answers[CommandOf(measurement)] = damaged;
  Start({"vp1"});
  for (const bool warts : {false, true}) {
    v1::RunRequest request;
    *request.add_measurements() = measurement;
    request.set_all_instances(true);
    request.mutable_options()->set_warts(warts);
    grpc::Status status;
    const std::vector<v1::RunResponse> events = Run(request, &status);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(events.size(), 3u);
    ASSERT_TRUE(events[1].has_error()) << events[1].DebugString();
    EXPECT_EQ(events[1].error().status().code(), grpc::StatusCode::DATA_LOSS);
    EXPECT_EQ(events[1].error().has_warts(), warts);
    EXPECT_EQ(events[1].error().warts(), warts ? record : "");
    EXPECT_EQ(events[2].done().ledger().results(), 1u);
  }
}

TEST_F(ServiceTest, InterimReportsAreEventsOfTheirOwn) {
  control::ReplayScript::Answer answer = answer_;
  control::ReplayScript::Result interim = answer.results.back();
  interim.in_progress = true;
  answer.results.insert(answer.results.begin(), interim);
  v1::Measurement m = Ping("192.0.2.6", 0);
  m.mutable_ping()->set_stream(1);
  script_.answers[CommandOf(m)] = answer;
  Start({"vp1"});
  v1::RunRequest request;
  *request.add_measurements() = m;
  grpc::Status status;
  std::vector<v1::RunResponse> events = Run(request, &status);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_TRUE(events[0].has_accepted());
  EXPECT_EQ(events[1].progress().record().ping().dst(), "192.0.2.6");
  EXPECT_TRUE(events[2].has_result());
  EXPECT_EQ(events[3].done().ledger().results(), 1u);
}

TEST_F(ServiceTest, ACancelledPingIsHaltedAtScamper) {
  control::ReplayOptions slow;
  slow.result_delay = absl::Hours(1);
  Start({"vp1"}, slow);
  grpc::ClientContext context;
  v1::PingRequest request;
  *request.mutable_ping() = Ping("192.0.2.6", 0).ping();
  v1::PingResponse response;
  std::future<grpc::Status> status =
      std::async(std::launch::async, [&] { return stub_->Ping(&context, request, &response); });
  Eventually([](const v1::Instance& i) { return i.outstanding() == 1; });
  context.TryCancel();
  EXPECT_EQ(status.get().error_code(), grpc::StatusCode::CANCELLED);
  Eventually([](const v1::Instance& i) { return i.outstanding() == 0; });
  EXPECT_EQ(List().instances(0).ledger().halted(), 1u);
}

TEST_F(ServiceTest, APassedDeadlineHaltsAtScamperAndCountsAsExpired) {
  control::ReplayOptions slow;
  slow.result_delay = absl::Hours(1);
  Start({"vp1"}, slow);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  v1::RunRequest request;
  *request.add_measurements() = Ping("192.0.2.6", 0);
  auto stream = stub_->Run(&context, request);
  v1::RunResponse event;
  while (stream->Read(&event)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  Eventually(
      [](const v1::Instance& i) { return i.ledger().accepted() == 0 || i.outstanding() == 0; });
  const v1::Ledger ledger = List().instances(0).ledger();
  EXPECT_EQ(ledger.accepted(), ledger.expired());
}

TEST_F(ServiceTest, AReaderThatFallsBehindPausesOnlyItself) {
  RunLimits limits;
  limits.buffer_bytes = 4096;
  Start({"vp1"}, {}, limits);
  v1::RunRequest request;
  constexpr int kTasks = 20000;
  for (int i = 0; i < kTasks; ++i) *request.add_measurements() = Ping("192.0.2.6", i % 200);
  grpc::ClientContext context;
  auto stream = stub_->Run(&context, request);
  // Nothing is read: after what fits in the buffers of gRPC the call is paused with tasks to do.
  uint64_t last = 0;
  Eventually([&](const v1::Instance& i) {
    const bool still = i.ledger().accepted() == last && last > 0;
    last = i.ledger().accepted();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return still;
  });
  EXPECT_LT(last, static_cast<uint64_t>(kTasks));
  v1::PingResponse response;
  EXPECT_TRUE(PingOnce(Ping("192.0.2.6", 1), "vp1", &response).ok());
  uint64_t results = 0;
  v1::RunResponse event;
  while (stream->Read(&event)) results += event.has_result();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(results, static_cast<uint64_t>(kTasks));
  EXPECT_EQ(event.done().ledger().results(), static_cast<uint64_t>(kTasks));
}

TEST_F(ServiceTest, ShutdownEndsWatchesAndRuns) {
  control::ReplayOptions slow;
  slow.result_delay = absl::Hours(1);
  Start({"vp1"}, slow);
  grpc::ClientContext watch_context, run_context;
  auto watch = stub_->WatchInstances(&watch_context, {});
  v1::WatchInstancesResponse change;
  ASSERT_TRUE(watch->Read(&change));
  v1::RunRequest request;
  *request.add_measurements() = Ping("192.0.2.6", 0);
  auto run = stub_->Run(&run_context, request);
  v1::RunResponse event;
  ASSERT_TRUE(run->Read(&event));
  std::promise<void> ended;
  OnControl([&] {
    service_->ShutDown();
    broker_->Shutdown(absl::Seconds(2), [&] { ended.set_value(); });
  });
  ended.get_future().wait();
  while (watch->Read(&change)) {
  }
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  while (run->Read(&event)) {
  }
  EXPECT_EQ(event.done().ledger().accepted(), 1u);
  EXPECT_EQ(event.done().ledger().halted(), 1u);
  v1::PingResponse response;
  EXPECT_EQ(PingOnce(Ping("192.0.2.6", 0), "vp1", &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace scamper::service
