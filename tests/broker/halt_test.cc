// SPDX-License-Identifier: Apache-2.0
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::IsEmpty;

class HaltTest : public BrokerTest {
 protected:
  HaltTest() { Add("a"); }
  // The task is out and accepted.
  TaskId Accepted() {
    const TaskId task = Submit(id_, "a", "d");
    Settle();
    daemon("a").ReadLine();
    daemon("a").Write();
    return task;
  }
};

TEST_F(HaltTest, QueuedTaskEndsAtOnceAndIsNeverSent) {
  client_.wants = false;
  const TaskId halted = Submit(id_, "a", "d");
  const TaskId expired = Submit(id_, "a", "d");
  Settle();
  broker_->Halt(halted, v1::TASK_OUTCOME_HALTED);
  broker_->Halt(expired, v1::TASK_OUTCOME_EXPIRED);
  EXPECT_THAT(client_.ends, IsEmpty());
  Settle();
  EXPECT_EQ(client_.ends.at(halted).outcome, v1::TASK_OUTCOME_HALTED);
  EXPECT_TRUE(absl::IsCancelled(client_.ends.at(halted).status));
  EXPECT_EQ(client_.ends.at(expired).outcome, v1::TASK_OUTCOME_EXPIRED);
  EXPECT_TRUE(absl::IsDeadlineExceeded(client_.ends.at(expired).status));
  client_.wants = true;
  broker_->Resume(id_);
  Settle();
  EXPECT_THAT(daemon("a").commands(), IsEmpty());
  CheckLedgers();
}

TEST_F(HaltTest, TaskThatIsOutEndsWithItsRecordAndTheFirstOutcomeAskedFor) {
  const TaskId task = Accepted();
  broker_->Halt(task, v1::TASK_OUTCOME_EXPIRED);
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  Settle();
  EXPECT_THAT(client_.ends, IsEmpty());
  RunDry("a");
  EXPECT_EQ(daemon("a").halts(), 1u);
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_EXPIRED);
  EXPECT_TRUE(client_.ends.at(task).status.ok());
  EXPECT_EQ(Body(client_.ends.at(task).record), "d x halted");
}

TEST_F(HaltTest, TaskThatIsNotAcceptedYetIsHaltedOnceItIs) {
  const TaskId task = Submit(id_, "a", "d");
  Settle();
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  EXPECT_EQ(daemon("a").halts(), 0u);
  daemon("a").ReadLine();
  daemon("a").Write();
  EXPECT_EQ(daemon("a").halts(), 1u);
  RunDry("a");
  EXPECT_EQ(Body(client_.ends.at(task).record), "d x halted");
}

TEST_F(HaltTest, TaskThatIsRejectedInsteadOfHaltedEndsRejected) {
  const TaskId task = SubmitLine(id_, "a", "bad d x");
  Settle();
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  RunDry("a");
  EXPECT_EQ(daemon("a").halts(), 0u);
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_REJECTED);
}

TEST_F(HaltTest, CompletionThatRacesTheHaltEndsTheTaskOnceWithTheResult) {
  const TaskId task = Accepted();
  daemon("a").StartNext();
  daemon("a").Finish(0);
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  RunDry("a");
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_HALTED);
  EXPECT_EQ(Body(client_.ends.at(task).record), "d x done");
  CheckLedgers();
}

TEST_F(HaltTest, EndedTaskIsNotHalted) {
  const TaskId task = Accepted();
  RunDry("a");
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  broker_->Halt(999, v1::TASK_OUTCOME_HALTED);
  RunDry("a");
  EXPECT_EQ(daemon("a").halts(), 0u);
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_RESULT);
}

TEST_F(HaltTest, HaltedTaskOfALostInstanceEndsAsLost) {
  const TaskId task = Accepted();
  broker_->Halt(task, v1::TASK_OUTCOME_HALTED);
  daemon("a").Kill();
  Settle();
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
}

}  // namespace
}  // namespace scamper::broker
