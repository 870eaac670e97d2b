// SPDX-License-Identifier: Apache-2.0
// The life of a connection: handshake, loss, back-off.
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::HasSubstr;
using Answer = fakes::FakeDaemon::Answer;

TEST_F(BrokerTest, ReadyShowsWhatTheDaemonSaid) {
  fakes::FakeDaemon& d = Add("a");
  const v1::Instance instance = Get("a");
  EXPECT_EQ(instance.state(), v1::INSTANCE_STATE_READY);
  EXPECT_EQ(instance.error(), "");
  EXPECT_EQ(instance.endpoint(), "unix:a");
  EXPECT_EQ(instance.version(), "20260420");
  EXPECT_EQ(instance.pps(), 100u);
  EXPECT_EQ(instance.monitor_name(), "monitor");
  EXPECT_EQ(instance.list().name(), "list");
  EXPECT_EQ(instance.cycle().hostname(), "cycle");
  EXPECT_EQ(instance.warts_preamble(), d.list_record + d.cycle_record);
  EXPECT_EQ(instance.since().seconds(), absl::ToUnixSeconds(executor_.Now()));
}

TEST_F(BrokerTest, NotReadyBeforeListAndCycleCame) {
  daemons_["a"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  daemon("a").answer = Answer::kReady;
  daemon("a").cycle_record = fakes::FakeRecord(4, "not the start");
  Add("a");
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_CONNECTING);
  EXPECT_EQ(Get("a").version(), "20260420");
  executor_.Advance(absl::Seconds(10));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_LOST);
  EXPECT_THAT(Get("a").error(), HasSubstr("10s"));
}

TEST_F(BrokerTest, LaterListAndCycleRecordsChangeNothing) {
  fakes::FakeDaemon& d = Add("a");
  d.listener()->OnRecord(std::nullopt, false, fakes::FakeRecord(1, "other"));
  d.listener()->OnRecord(std::nullopt, false, fakes::FakeRecord(2, "other"));
  EXPECT_EQ(Get("a").list().name(), "list");
  EXPECT_EQ(Get("a").cycle().hostname(), "cycle");
  EXPECT_EQ(Get("a").warts_preamble(), d.list_record + d.cycle_record);
}

TEST_F(BrokerTest, MalformedListLosesTheInstanceAndSaysWhy) {
  daemons_["a"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  daemon("a").list_record = fakes::FakeRecord(1, "damaged");
  Add("a");
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_LOST);
  EXPECT_THAT(Get("a").error(), HasSubstr("damaged"));
  EXPECT_FALSE(daemon("a").connected());
}

TEST_F(BrokerTest, AnswersThatWereNotAskedForLoseTheInstance) {
  fakes::FakeDaemon& d = Add("a");
  d.listener()->OnAccepted(7);
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_LOST);
  executor_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
  d.listener()->OnRejected("what");
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_LOST);
  executor_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
}

TEST_F(BrokerTest, SilentDaemonIsGivenUpAfterTheHandshakeTimeout) {
  daemons_["a"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  daemon("a").answer = Answer::kSilent;
  Add("a");
  executor_.Advance(absl::Milliseconds(9999));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_CONNECTING);
  executor_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_LOST);
  EXPECT_NE(Get("a").error(), "");
  daemon("a").answer = Answer::kReady;
  executor_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
}

TEST_F(BrokerTest, BackOffDoublesToItsMaximumWithJitterAndIsResetByReady) {
  daemons_["a"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  fakes::FakeDaemon& d = daemon("a");
  d.answer = Answer::kRefused;
  Add("a");
  executor_.Advance(absl::Seconds(60));
  ASSERT_GE(d.attempts().size(), 15u);
  absl::Duration most = absl::Milliseconds(100);
  for (size_t i = 1; i < d.attempts().size(); ++i) {
    const absl::Duration waited = d.attempts()[i] - d.attempts()[i - 1];
    EXPECT_GE(waited, most / 2) << i;
    EXPECT_LE(waited, most) << i;
    most = std::min(most * 2, absl::Seconds(5));
  }
  d.answer = Answer::kReady;
  executor_.Advance(absl::Seconds(5));
  ASSERT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
  const size_t before = d.attempts().size();
  d.Kill();
  executor_.Advance(absl::Milliseconds(100));
  EXPECT_EQ(d.attempts().size(), before + 1);
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
}

TEST_F(BrokerTest, FailedAttemptsWithTheSameErrorAreNoChange) {
  Add("a");
  int lost = 0;
  broker_->Watch([&](const v1::Instance& i) { lost += i.state() == v1::INSTANCE_STATE_LOST; });
  daemon("a").answer = Answer::kRefused;
  daemon("a").Kill();
  const absl::Time since = executor_.Now();
  executor_.Advance(absl::Seconds(60));
  EXPECT_EQ(lost, 2);  // connection reset, then connection refused
  EXPECT_EQ(Get("a").error(), "connection refused");
  EXPECT_EQ(Get("a").since().seconds(), absl::ToUnixSeconds(since));
  EXPECT_EQ(Get("a").warts_preamble(), "");
}

TEST_F(BrokerTest, KilledWithTasksOutEndsThemAllAndAnotherInstanceGoesOn) {
  BrokerOptions options;
  options.window = 60;
  Start(options);
  fakes::FakeDaemon& a = Add("a");
  Add("b");
  for (int i = 0; i < 100; ++i) Submit(id_, "a", "d");
  for (int i = 0; i < 100; ++i) Submit(id_, "b", "d");
  Settle();
  for (int i = 0; i < 30; ++i) a.ReadLine();
  a.StartNext();
  a.Write();
  a.Kill();
  Settle();
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_INSTANCE_LOST), 100u);
  EXPECT_EQ(client_.ends.at(1).status, absl::UnavailableError("instance a lost: connection reset"));
  EXPECT_EQ(client_.ends.at(100).status,
            absl::UnavailableError("instance a lost: connection reset"));
  CheckLedgers();
  RunDry("b");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 100u);
  CheckLedgers();
  executor_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
  const TaskId task = Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_RESULT);
}

}  // namespace
}  // namespace scamper::broker
