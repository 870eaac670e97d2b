// SPDX-License-Identifier: Apache-2.0
// Fairness, windows, and that nothing stalls.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

BrokerOptions Windows(int window, int queue_window) {
  BrokerOptions options;
  options.window = window;
  options.queue_window = queue_window;
  return options;
}

TEST_F(BrokerTest, OneTaskOfAClientIsIssuedThoughAnotherHasAHundredThousandQueued) {
  Start(Windows(10000, 128));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 100000; ++i) Submit(id_, "a", absl::StrCat("d", i));
  Settle();
  EXPECT_EQ(d.commands().size(), 128u);
  NotingClient other;
  const Broker::ClientId other_id = broker_->AddClient(&other);
  const TaskId task = Submit(other_id, "a", "other");
  // One place becomes free: the turn is the first client's; the next is the other's.
  for (int i = 0; i < 2; ++i) {
    d.ReadLine();
    d.StartNext();
    d.Finish(0);
    d.Write();
    Settle();
  }
  EXPECT_THAT(d.commands(), Contains("ping other x"));
  EXPECT_EQ(d.commands().size(), 130u);
  broker_->RemoveClient(id_);
  client_.removed = true;
  RunDry("a");
  EXPECT_EQ(other.ends.at(task).outcome, v1::TASK_OUTCOME_RESULT);
  CheckLedgers();
}

TEST_F(BrokerTest, ClientsTakeTurnsOneTaskEachInTheirOwnOrder) {
  fakes::FakeDaemon& d = Add("a");
  NotingClient other;
  const Broker::ClientId other_id = broker_->AddClient(&other);
  for (int i = 0; i < 3; ++i) Submit(id_, "a", absl::StrCat("first", i));
  for (int i = 0; i < 2; ++i) Submit(other_id, "a", absl::StrCat("second", i));
  Settle();
  EXPECT_THAT(d.commands(), ElementsAre("ping first0 x", "ping second0 x", "ping first1 x",
                                        "ping second1 x", "ping first2 x"));
}

TEST_F(BrokerTest, QueueWindowBoundsWhatScamperDidNotStart) {
  Start(Windows(100, 4));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 50; ++i) Submit(id_, "a", absl::StrCat("d", i));
  Settle();
  EXPECT_EQ(d.commands().size(), 4u);
  // Two are accepted and started, two not read yet: MORE speaks of the two only.
  d.ReadLine();
  d.ReadLine();
  d.StartNext();
  d.StartNext();
  d.Write();
  Settle();
  EXPECT_EQ(d.commands().size(), 6u);
  EXPECT_EQ(d.unread(), 4u);
}

TEST_F(BrokerTest, WindowBoundsWhatIsOut) {
  Start(Windows(5, 100));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 50; ++i) Submit(id_, "a", absl::StrCat("d", i));
  Settle();
  for (int i = 0; i < 5; ++i) {
    d.ReadLine();
    d.StartNext();
  }
  d.Write();
  Settle();
  EXPECT_EQ(Get("a").outstanding(), 5u);
  EXPECT_EQ(Get("a").queued(), 45u);
  EXPECT_EQ(d.commands().size(), 5u);
  d.Finish(3);
  d.Write();
  Settle();
  EXPECT_EQ(d.commands().size(), 6u);
}

TEST_F(BrokerTest, ResultsFreePlacesThoughMoreIsNeverSent) {
  Start(Windows(100, 3));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 20; ++i) Submit(id_, "a", absl::StrCat("d", i));
  Settle();
  // The queue is never empty when the daemon takes from it, until the last.
  for (int i = 0; i < 17; ++i) {
    while (d.ReadLine()) {
    }
    ASSERT_EQ(d.queued(), 3u) << i;
    d.StartNext();
    d.Finish(0);
    d.Write();
    Settle();
  }
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 17u);
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 20u);
}

TEST_F(BrokerTest, RejectedCommandsFreePlacesWithoutMore) {
  Start(Windows(100, 2));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 20; ++i) SubmitLine(id_, "a", "bad d x");
  Submit(id_, "a", "d");
  Settle();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(d.ReadLine());
    d.Write();
    Settle();
  }
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_REJECTED), 20u);
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 1u);
}

TEST_F(BrokerTest, HaltingTasksInScampersQueueFreesPlacesWithoutMore) {
  Start(Windows(100, 2));
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 10; ++i) Submit(id_, "a", absl::StrCat("d", i));
  Settle();
  const auto read_and_write_all = [&] {
    while (d.ReadLine() || d.Write()) {
    }
  };
  for (TaskId task = 1; task <= 8; ++task) {
    read_and_write_all();
    broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
    read_and_write_all();
    Settle();
    ASSERT_EQ(d.commands().size(), task + 2);
  }
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_HALTED), 8u);
  CheckLedgers();
}

TEST_F(BrokerTest, PausedClientStopsNobodyElseAndGoesOnAfterResume) {
  fakes::FakeDaemon& d = Add("a");
  NotingClient paused;
  paused.wants = false;
  const Broker::ClientId paused_id = broker_->AddClient(&paused);
  for (int i = 0; i < 300; ++i) Submit(paused_id, "a", "p");
  for (int i = 0; i < 300; ++i) Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 300u);
  EXPECT_EQ(d.commands().size(), 300u);
  EXPECT_EQ(Get("a").queued(), 300u);
  paused.wants = true;
  broker_->Resume(paused_id);
  RunDry("a");
  EXPECT_EQ(paused.Count(v1::TASK_OUTCOME_RESULT), 300u);
}

TEST_F(BrokerTest, ClientWhosePausedTasksWereAllHaltedIsAskedAgain) {
  Add("a");
  client_.wants = false;
  const TaskId first = Submit(id_, "a", "d");
  Settle();
  broker_->Halt(first, v1::TASK_OUTCOME_HALTED);
  Settle();
  client_.wants = true;
  const TaskId second = Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(client_.ends.at(second).outcome, v1::TASK_OUTCOME_RESULT);
}

TEST_F(BrokerTest, ThousandsOfCommandsThatCannotBeMadeAllEnd) {
  Add("a");
  for (int i = 0; i < 2000; ++i) SubmitLine(id_, "a", "unsendable");
  const TaskId task = Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_REJECTED), 2000u);
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_RESULT);
}

}  // namespace
}  // namespace scamper::broker
