// SPDX-License-Identifier: Apache-2.0
// Sessions, and runs that can be joined, over gRPC.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/store.h"
#include "tests/service/service_testing.h"

namespace scamper::service {
namespace {

using testing::HasSubstr;

// A connection of a session.
class Connection {
 public:
  Connection(v1::ScamperControl::Stub* stub, const v1::SessionOpen& open) {
    stream_ = stub->Session(&context_);
    v1::SessionRequest request;
    *request.mutable_open() = open;
    stream_->Write(request);
  }
  // Broken off.
  ~Connection() {
    context_.TryCancel();
    v1::SessionResponse rest;
    while (stream_->Read(&rest)) {
    }
    if (!finished_) stream_->Finish();
  }

  std::optional<v1::SessionResponse> Read() {
    v1::SessionResponse response;
    if (!stream_->Read(&response)) return std::nullopt;
    return response;
  }
  void Write(const v1::SessionRequest& request) { stream_->Write(request); }
  void Submit(uint64_t number, uint32_t userid) {
    v1::SessionRequest request;
    request.set_number(number);
    request.mutable_submit()->set_reference(number);
    *request.mutable_submit()->mutable_measurement() = Ping("192.0.2.6", userid);
    Write(request);
  }
  void Done(uint64_t number) {
    v1::SessionRequest request;
    request.set_number(number);
    request.mutable_done();
    Write(request);
  }
  grpc::Status Finish() {
    finished_ = true;
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>> stream_;
  bool finished_ = false;
};

class SessionCallTest : public ServiceTest {
 protected:
  std::unique_ptr<Connection> Open(const v1::SessionOpen& open = {}) {
    return std::make_unique<Connection>(stub_.get(), open);
  }
  static v1::SessionOpen Again(const std::string& token, uint64_t last_event) {
    v1::SessionOpen open;
    open.set_token(token);
    open.set_last_event(last_event);
    return open;
  }
};

TEST_F(SessionCallTest, TasksGoInAndEventsComeOutToTheEnd) {
  Start({"vp1"});
  auto session = Open();
  const auto opened = session->Read();
  ASSERT_TRUE(opened && opened->has_opened());
  EXPECT_EQ(opened->number(), 0u);
  EXPECT_EQ(opened->opened().grace().seconds(), 60);
  EXPECT_EQ(opened->opened().token().size(), 32u);
  for (uint64_t n = 1; n <= 5; ++n) session->Submit(n, static_cast<uint32_t>(n));
  session->Done(6);
  std::map<uint64_t, int> accepted, results;
  uint64_t last = 0;
  v1::SessionResponse response;
  for (auto event = session->Read(); event; event = session->Read()) {
    EXPECT_EQ(event->number(), ++last);
    if (event->has_accepted()) ++accepted[event->accepted().task().reference()];
    if (event->has_result()) {
      ++results[event->result().task().reference()];
      EXPECT_EQ(event->result().outcome(), v1::TASK_OUTCOME_RESULT);
      EXPECT_EQ(event->result().task().instance(), "vp1");
      EXPECT_EQ(event->result().record().ping().dst(), "192.0.2.6");
    }
    response = *event;
  }
  EXPECT_EQ(accepted.size(), 5u);
  EXPECT_EQ(results, accepted);
  ASSERT_TRUE(response.has_finished());
  EXPECT_EQ(response.finished().ledger().results(), 5u);
  EXPECT_TRUE(session->Finish().ok());
}

// With a store for what waits, and hardly any room in memory.
class SessionOnDiskTest : public SessionCallTest {
 protected:
  SessionOnDiskTest() {
    char pattern[] = "/tmp/session_call_test-XXXXXX";
    folder_ = mkdtemp(pattern);
    store_ = *store::Store::Open(folder_, 0);
    disk_.Start();
    RunLimits limits;
    limits.buffer_bytes = 20000;
    limits.disk = {store_.get(), disk_.executor()};
    Start({"vp1"}, {}, limits);
  }
  ~SessionOnDiskTest() override {
    StopServer();
    disk_.Stop();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  control::ControlThread disk_;
};

TEST_F(SessionOnDiskTest, WhileNobodyIsThereMeasuringGoesOnAndAllOfItComesAfterwards) {
  constexpr uint64_t kTasks = 3000;
  std::string token;
  {
    auto session = Open();
    token = session->Read()->opened().token();
    for (uint64_t n = 1; n <= kTasks; ++n) session->Submit(n, static_cast<uint32_t>(n % 200));
    session->Done(kTasks + 1);
    // That all was taken shows in that nothing is left to do.
    Eventually([](const v1::Instance& vp1) { return vp1.ledger().results() == kTasks; });
  }
  auto session = Open(Again(token, 0));
  ASSERT_TRUE(session->Read()->has_opened());
  std::set<uint64_t> results;
  uint64_t last = 0;
  bool finished = false;
  for (auto event = session->Read(); event; event = session->Read()) {
    ASSERT_EQ(event->number(), ++last);
    finished = event->has_finished();
    if (!event->has_result()) continue;
    EXPECT_TRUE(results.insert(event->result().task().reference()).second);
    EXPECT_EQ(event->result().record().ping().dst(), "192.0.2.6");
  }
  EXPECT_TRUE(finished);
  EXPECT_EQ(results.size(), kTasks);
}

TEST_F(SessionCallTest, GoesOnAfterBrokenConnectionsWithNothingLostAndNothingTwice) {
  constexpr uint64_t kTasks = 300;
  Start({"vp1"});
  std::string token;
  uint64_t last_event = 0;
  std::set<uint64_t> accepted, ended;
  bool finished = false;
  int connections = 0;
  while (!finished) {
    ASSERT_LT(++connections, 200);
    auto session = Open(token.empty() ? v1::SessionOpen() : Again(token, last_event));
    const auto opened = session->Read();
    ASSERT_TRUE(opened && opened->has_opened()) << session->Finish().error_message();
    token = opened->opened().token();
    // What is not sure to have come is sent again: the two before the next are repeated.
    const uint64_t last_request = opened->opened().last_request();
    uint64_t next = std::max<uint64_t>(last_request, 2) - 1;
    for (; next <= std::min(kTasks, last_request + 20); ++next) {
      session->Submit(next, static_cast<uint32_t>(next % 200));
    }
    if (next > kTasks) session->Done(kTasks + 1);
    // Breaks off amid the events.
    for (int i = 0; i < 40 && !finished; ++i) {
      const auto event = session->Read();
      ASSERT_TRUE(event.has_value());
      ASSERT_EQ(event->number(), last_event + 1);
      last_event = event->number();
      if (event->has_accepted()) {
        EXPECT_TRUE(accepted.insert(event->accepted().task().reference()).second);
      }
      if (event->has_result()) {
        EXPECT_TRUE(ended.insert(event->result().task().reference()).second);
      }
      finished = event->has_finished();
      if (finished) {
        EXPECT_EQ(event->finished().ledger().results(), kTasks);
      }
      // Nothing more would come before further requests.
      if (ended.size() == next - 1 && next <= kTasks) break;
    }
  }
  EXPECT_GT(connections, 10);
  EXPECT_EQ(accepted.size(), kTasks);
  EXPECT_EQ(ended, accepted);
}

TEST_F(SessionCallTest, ACallThatGoesOnTakesTheSessionFromTheOther) {
  Start({"vp1"});
  auto first = Open();
  const std::string token = first->Read()->opened().token();
  auto second = Open(Again(token, 0));
  ASSERT_TRUE(second->Read()->has_opened());
  while (first->Read()) {
  }
  const grpc::Status status = first->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED) << status.error_message();
  second->Submit(1, 1);
  for (auto event = second->Read(); event && !event->has_result(); event = second->Read()) {
  }
}

TEST_F(SessionCallTest, BadRequestsEndTheConnectionAndSayWhy) {
  Start({"vp1"});
  const auto status_of = [this](const v1::SessionOpen& open) {
    auto session = Open(open);
    while (session->Read()) {
    }
    return session->Finish();
  };
  EXPECT_EQ(status_of(Again("0123", 0)).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::SessionOpen open;
  open.set_more_window(1001);
  EXPECT_THAT(status_of(open).error_message(), HasSubstr("open.more_window"));
  open = Again("0123", 0);
  open.set_all_instances(true);
  EXPECT_EQ(status_of(open).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  open.Clear();
  open.add_instances("nowhere");
  EXPECT_EQ(status_of(open).error_code(), grpc::StatusCode::NOT_FOUND);

  auto session = Open();
  const std::string token = session->Read()->opened().token();
  session->Submit(2, 1);
  while (session->Read()) {
  }
  EXPECT_THAT(session->Finish().error_message(), HasSubstr("the next is 1"));
  // The session is as it was.
  auto again = Open(Again(token, 0));
  EXPECT_EQ(again->Read()->opened().last_request(), 0u);
  EXPECT_EQ(status_of(Again(token, 1000)).error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(SessionCallTest, WithoutAConnectionItIsKeptForTheGraceAndThenHalted) {
  RunLimits limits;
  limits.grace = absl::Milliseconds(100);
  control::ReplayOptions slow;
  slow.result_delay = absl::Hours(1);
  Start({"vp1"}, slow, limits);
  auto session = Open();
  const std::string token = session->Read()->opened().token();
  session->Submit(1, 1);
  Eventually([](const v1::Instance& i) { return i.outstanding() == 1; });
  session.reset();
  Eventually([](const v1::Instance& i) { return i.ledger().halted() == 1; });
  auto again = Open(Again(token, 0));
  EXPECT_FALSE(again->Read());
  EXPECT_EQ(again->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(SessionCallTest, ShutdownEndsASessionBehindItsTasks) {
  Start({"vp1"});
  auto session = Open();
  session->Read();
  session->Submit(1, 1);
  for (auto event = session->Read(); event && !event->has_result(); event = session->Read()) {
  }
  OnControl([this] { service_->ShutDown(); });
  v1::SessionResponse last;
  for (auto event = session->Read(); event; event = session->Read()) last = *event;
  EXPECT_TRUE(last.has_finished());
  EXPECT_EQ(session->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

// ---- runs with a request_id

TEST_F(SessionCallTest, TheSameRequestJoinsTheRunAndGetsAllItsEvents) {
  Start({"vp1"});
  v1::RunRequest request;
  request.set_request_id("a-run");
  for (uint32_t i = 0; i < 50; ++i) *request.add_measurements() = Ping("192.0.2.6", i);
  {
    grpc::ClientContext context;
    auto stream = stub_->Run(&context, request);
    v1::RunResponse event;
    ASSERT_TRUE(stream->Read(&event));
    context.TryCancel();
    while (stream->Read(&event)) {
    }
    stream->Finish();
  }
  grpc::Status status;
  const std::vector<v1::RunResponse> joined = Run(request, &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(joined.size(), 101u);
  EXPECT_EQ(joined.back().done().ledger().results(), 50u);
  // Once more, when it is over.
  const std::vector<v1::RunResponse> again = Run(request, &status);
  ASSERT_EQ(again.size(), joined.size());
  for (size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].SerializeAsString(), joined[i].SerializeAsString());
  }
  EXPECT_EQ(List().instances(0).ledger().accepted(), 50u);

  request.mutable_measurements(0)->mutable_ping()->set_ttl(3);
  Run(request, &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("request_id"));
}

TEST_F(SessionCallTest, StopRulesAreCheckedAndHold) {
  Start({"vp1"});
  v1::RunRequest request;
  for (uint32_t i = 0; i < 50; ++i) *request.add_measurements() = Ping("192.0.2.6", i);
  request.mutable_stop()->set_results(0);
  request.mutable_stop()->mutable_quiet_time()->set_seconds(-1);
  request.set_request_id("two words");
  grpc::Status status;
  Run(request, &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("stop.results: must be at least 1 (and 2 more)"));
  request.clear_request_id();
  request.mutable_stop()->clear_quiet_time();
  request.mutable_stop()->set_results(7);
  const std::vector<v1::RunResponse> events = Run(request, &status);
  EXPECT_TRUE(status.ok());
  const v1::RunDone& done = events.back().done();
  EXPECT_EQ(done.stopped_by(), v1::STOP_REASON_RESULTS);
  EXPECT_GE(done.ledger().results(), 7u);
  EXPECT_EQ(done.ledger().accepted() + done.not_accepted(), 50u);
  EXPECT_EQ(done.ledger().results() + done.ledger().halted(), done.ledger().accepted());
}

}  // namespace
}  // namespace scamper::service
