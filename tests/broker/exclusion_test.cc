// SPDX-License-Identifier: Apache-2.0
// Tasks that must not be out together at an old daemon.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;

class ExclusionTest : public BrokerTest {
 protected:
  void AddOf(int version) {
    auto& daemon = daemons_["a"];
    daemon = std::make_unique<fakes::FakeDaemon>(&executor_);
    daemon->version_date = version;
    Add("a");
  }
  TaskId Ask(const std::string& name, const std::string& token, Broker::ClientId client = 0) {
    const std::string line = absl::StrCat("ping ", name, " ", token);
    TaskSpec spec{"a", [line](int) { return line; }, name};
    spec.exclusion = name;
    const TaskId task = broker_->Submit(client == 0 ? id_ : client, std::move(spec)).value();
    Settle();
    return task;
  }
  // The daemon's next step with what it has; then what was sent until now.
  const std::vector<std::string>& Sent() { return daemon("a").commands(); }
};

TEST_F(ExclusionTest, EqualOnesAreSentOneAfterTheOtherAndOthersMeanwhile) {
  AddOf(20211212);
  Ask("x", "1");
  Ask("x", "2");
  Ask("x", "3");
  Ask("y", "4");
  EXPECT_THAT(Sent(), ElementsAre("ping x 1", "ping y 4"));
  EXPECT_EQ(Get("a").outstanding(), 2u);
  EXPECT_EQ(Get("a").queued(), 2u);
  CheckLedgers();
  RunDry("a");
  EXPECT_THAT(Sent(), ElementsAre("ping x 1", "ping y 4", "ping x 2", "ping x 3"));
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 4u);
  CheckLedgers();
}

TEST_F(ExclusionTest, ADaemonThatIsNewEnoughHasThemAllAndOneThatIsNotKnownHasNot) {
  AddOf(20230224);
  Ask("x", "1");
  Ask("x", "2");
  EXPECT_EQ(Sent().size(), 2u);
  Start();
  AddOf(0);
  Ask("x", "1");
  Ask("x", "2");
  EXPECT_EQ(Sent().size(), 1u);
}

TEST_F(ExclusionTest, OneThatIsRejectedOrHaltedMakesRoomAndOneThatWaitsCanBeHalted) {
  AddOf(20211212);
  TaskSpec bad{"a", [](int) { return std::string("bad x"); }, "x"};
  bad.exclusion = "x";
  ASSERT_TRUE(broker_->Submit(id_, std::move(bad)).ok());
  const TaskId second = Ask("x", "2");
  const TaskId third = Ask("x", "3");
  const TaskId fourth = Ask("x", "4");
  while (daemon("a").ReadLine() || daemon("a").Write()) {
  }
  Settle();
  EXPECT_THAT(Sent(), ElementsAre("bad x", "ping x 2"));
  broker_->Halt(third, v1::TASK_OUTCOME_HALTED);
  Settle();
  EXPECT_EQ(client_.ends.at(third).outcome, v1::TASK_OUTCOME_HALTED);
  while (daemon("a").ReadLine() || daemon("a").Write()) {
  }
  broker_->Halt(second, v1::TASK_OUTCOME_HALTED);
  while (daemon("a").ReadLine() || daemon("a").Write()) {
  }
  Settle();
  EXPECT_EQ(client_.ends.at(second).outcome, v1::TASK_OUTCOME_HALTED);
  EXPECT_THAT(Sent(), ElementsAre("bad x", "ping x 2", "ping x 4"));
  RunDry("a");
  EXPECT_EQ(client_.ends.at(fourth).outcome, v1::TASK_OUTCOME_RESULT);
  CheckLedgers();
}

TEST_F(ExclusionTest, AClientThatWantsNothingHoldsUpNoOther) {
  AddOf(20211212);
  NotingClient other;
  const Broker::ClientId other_id = broker_->AddClient(&other);
  client_.wants = false;
  Ask("x", "1");
  Ask("x", "2", other_id);
  EXPECT_THAT(Sent(), ElementsAre("ping x 2"));
  Ask("x", "3", other_id);
  client_.wants = true;
  broker_->Resume(id_);
  RunDry("a");
  EXPECT_EQ(Sent().size(), 3u);
  EXPECT_EQ(client_.ends.size() + other.ends.size(), 3u);
  broker_->RemoveClient(other_id);
}

TEST_F(ExclusionTest, OnesThatWaitAreLostWithTheDaemon) {
  AddOf(20211212);
  Ask("x", "1");
  Ask("x", "2");
  daemon("a").Kill();
  Settle();
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_INSTANCE_LOST), 2u);
  CheckLedgers();
  executor_.Advance(absl::Seconds(10));
  Ask("x", "3");
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 1u);
  EXPECT_TRUE(broker_->RemoveInstance("a", "detached"));
  Settle();
}

TEST_F(ExclusionTest, HoldsOverConnectionsOfClientsOwn) {
  AddOf(20211212);
  NotingClient other;
  const Broker::ClientId own = broker_->AddClient(&other);
  ASSERT_TRUE(broker_->OpenOwn(own, "a", {}).ok());
  Settle();
  fakes::FakeDaemon& connection = *daemon("a").own("attach");
  Ask("x", "1");
  Ask("x", "2", own);
  EXPECT_TRUE(connection.commands().empty());
  RunDry("a");
  EXPECT_THAT(connection.commands(), ElementsAre("ping x 2"));
  Ask("x", "3");
  EXPECT_EQ(Sent().size(), 1u);
  // What it had goes with it.
  broker_->RemoveClient(own);
  connection.Kill();
  Settle();
  EXPECT_EQ(Sent().size(), 2u);
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_RESULT), 2u);
  CheckLedgers();
}

}  // namespace
}  // namespace scamper::broker
