// SPDX-License-Identifier: Apache-2.0
#include "server/broker/broker.h"

#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(BrokerTest, ResultComesWithRecordListAndCycle) {
  Add("a");
  const TaskId task = Submit(id_, "a", "192.0.2.1", "t1");
  EXPECT_EQ(task, 1u);
  RunDry("a");
  const TaskEnd& end = client_.ends.at(task);
  EXPECT_EQ(end.outcome, v1::TASK_OUTCOME_RESULT);
  EXPECT_TRUE(end.status.ok());
  EXPECT_EQ(Body(end.record), "192.0.2.1 t1 done");
  EXPECT_EQ(end.under->list.name(), "list");
  EXPECT_EQ(end.under->cycle.hostname(), "cycle");
  CheckLedgers();
}

TEST_F(BrokerTest, NoClientIsCalledFromInsideACall) {
  Add("a");
  Submit(id_, "a", "d", "halted at once");
  broker_->Halt(1, v1::TASK_OUTCOME_HALTED);
  daemon("a").answer = fakes::FakeDaemon::Answer::kRefused;
  daemon("a").Kill();
  Settle();
  client_.ends.clear();
  Submit(id_, "a", "d");
  EXPECT_THAT(client_.ends, IsEmpty());
  Settle();
  EXPECT_EQ(client_.ends.at(2).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
  EXPECT_EQ(client_.ends.at(2).status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(BrokerTest, UnknownInstanceIsNotFoundAndATakenNameAlreadyExists) {
  fakes::FakeDaemon& d = Add("a");
  EXPECT_TRUE(absl::IsNotFound(broker_->Submit(id_, {"b", nullptr, ""}).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(broker_->AddInstance({"a", "unix:a", d.MakeConnector()})));
  Add("c");
  EXPECT_THAT(broker_->Names(), ElementsAre("a", "c"));
  EXPECT_FALSE(broker_->Find("b").has_value());
}

TEST_F(BrokerTest, CommandIsMadeForTheVersionOfTheDaemon) {
  daemons_["old"] = std::make_unique<fakes::FakeDaemon>(&executor_);
  daemon("old").version_date = 20211212;
  Add("old");
  int version = 0;
  ASSERT_TRUE(broker_
                  ->Submit(id_, {"old",
                                 [&](int v) -> absl::StatusOr<std::string> {
                                   version = v;
                                   return absl::FailedPreconditionError("too old");
                                 },
                                 ""})
                  .ok());
  EXPECT_EQ(version, 0);
  Settle();
  EXPECT_EQ(version, 20211212);
  EXPECT_EQ(client_.ends.at(1).outcome, v1::TASK_OUTCOME_REJECTED);
  EXPECT_EQ(client_.ends.at(1).status, absl::FailedPreconditionError("too old"));
  CheckLedgers();
}

TEST_F(BrokerTest, RejectionsShowTheCommandShortenedAndTheOthersGoOn) {
  Add("a");
  SubmitLine(id_, "a", "bad d " + std::string(1000, 'x'));
  SubmitLine(id_, "a", "unsendable");
  Submit(id_, "a", "d");
  RunDry("a");
  const TaskEnd& end = client_.ends.at(1);
  EXPECT_EQ(end.outcome, v1::TASK_OUTCOME_REJECTED);
  EXPECT_EQ(end.status.code(), absl::StatusCode::kAborted);
  const std::string text(end.status.message());
  EXPECT_THAT(text, HasSubstr("scamper rejected 'bad d xxx"));
  EXPECT_THAT(text, HasSubstr("...': command not accepted"));
  EXPECT_LT(text.size(), 300u);
  EXPECT_EQ(client_.ends.at(2).outcome, v1::TASK_OUTCOME_REJECTED);
  EXPECT_TRUE(absl::IsInvalidArgument(client_.ends.at(2).status));
  EXPECT_EQ(client_.ends.at(3).outcome, v1::TASK_OUTCOME_RESULT);
  CheckLedgers();
}

TEST_F(BrokerTest, InterimReportsDoNotEndTheTask) {
  fakes::FakeDaemon& d = Add("a");
  const TaskId task = Submit(id_, "a", "d");
  Settle();
  d.ReadLine();
  d.StartNext();
  d.Interim(0);
  while (d.Write()) {
  }
  Settle();
  ASSERT_EQ(client_.progress.size(), 1u);
  EXPECT_EQ(client_.progress[0].first, task);
  EXPECT_EQ(Body(client_.progress[0].second), "d x interim");
  EXPECT_THAT(client_.ends, IsEmpty());
  EXPECT_EQ(Get("a").outstanding(), 1u);
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 1u);
}

TEST_F(BrokerTest, RecordsThatBelongToNobodyAreDroppedAndCounted) {
  fakes::FakeDaemon& d = Add("a");
  d.listener()->OnRecord(99, false, fakes::FakeRecord(7, "d x done"));
  d.listener()->OnRecord(std::nullopt, false, fakes::FakeRecord(7, "d x done"));
  d.listener()->OnRecord(std::nullopt, false, "short");
  d.listener()->OnRecord(std::nullopt, false, fakes::FakeRecord(7, "malformed"));
  d.listener()->OnRecord(std::nullopt, false, fakes::FakeRecord(4, "cycle stop"));
  EXPECT_EQ(broker_->unmatched_records(), 4u);
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
}

TEST_F(BrokerTest, RemovedClientHearsNoMoreAndItsTasksEndHalted) {
  BrokerOptions options;
  options.window = 2;
  Start(options);
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 5; ++i) Submit(id_, "a", "d");
  Settle();
  d.ReadLine();
  d.Write();
  EXPECT_EQ(Get("a").outstanding(), 2u);
  broker_->RemoveClient(id_);
  client_.removed = true;
  EXPECT_EQ(Get("a").queued(), 0u);
  EXPECT_EQ(Get("a").outstanding(), 2u);
  CheckLedgers();
  RunDry("a");
  EXPECT_EQ(d.halts(), 2u);
  EXPECT_EQ(broker_->ledger().halted(), 5u);
  CheckLedgers();
  EXPECT_FALSE(broker_->Submit(id_, {"a", nullptr, ""}).ok());
}

TEST_F(BrokerTest, ClientMayCallTheBrokerFromOnEnd) {
  Add("a");
  int left = 50;
  client_.on_end = [&](const TaskEnd&) {
    if (--left > 0) Submit(id_, "a", "d");
    broker_->Halt(1, v1::TASK_OUTCOME_HALTED);
    broker_->Resume(id_);
  };
  Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 50u);
  client_.on_end = [&](const TaskEnd&) {
    broker_->RemoveClient(id_);
    client_.removed = true;
  };
  for (int i = 0; i < 3; ++i) Submit(id_, "a", "d");
  Settle();
  daemon("a").Kill();
  Settle();
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_INSTANCE_LOST), 1u);
  CheckLedgers();
}

TEST_F(BrokerTest, WatchersSeeEachInstanceAtOnceAndThenEachChange) {
  Add("a");
  std::vector<std::pair<std::string, v1::InstanceState>> seen;
  const uint64_t watch = broker_->Watch(
      [&](const v1::Instance& instance) { seen.emplace_back(instance.name(), instance.state()); });
  EXPECT_THAT(seen, ElementsAre(std::pair("a", v1::INSTANCE_STATE_READY)));
  seen.clear();
  Add("b");
  EXPECT_THAT(seen, ElementsAre(std::pair("b", v1::INSTANCE_STATE_CONNECTING),
                                std::pair("b", v1::INSTANCE_STATE_READY)));
  seen.clear();
  daemon("a").Kill();
  executor_.Advance(absl::Seconds(1));
  EXPECT_THAT(seen, ElementsAre(std::pair("a", v1::INSTANCE_STATE_LOST),
                                std::pair("a", v1::INSTANCE_STATE_READY)));
  seen.clear();
  broker_->Unwatch(watch);
  daemon("a").Kill();
  Settle();
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(BrokerTest, WatcherMayEndItsOwnWatchAndOthers) {
  Add("a");
  int calls = 0;
  std::vector<uint64_t> watches;
  for (int i = 0; i < 10; ++i) {
    watches.push_back(broker_->Watch([&](const v1::Instance& instance) {
      if (instance.state() != v1::INSTANCE_STATE_LOST) return;
      ++calls;
      for (uint64_t watch : watches) broker_->Unwatch(watch);
    }));
  }
  daemon("a").Kill();
  Settle();
  EXPECT_EQ(calls, 1);
}

TEST_F(BrokerTest, WatchThatBeginsAfterAChangeSeesItOnce) {
  Add("a");
  daemon("a").Kill();
  int calls = 0;
  broker_->Watch([&](const v1::Instance&) { ++calls; });
  Settle();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace scamper::broker
