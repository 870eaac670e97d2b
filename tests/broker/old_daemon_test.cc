// SPDX-License-Identifier: Apache-2.0
// Daemons before 20230224, whose records do not say which task they are of.
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

class OldDaemonTest : public BrokerTest {
 protected:
  OldDaemonTest() {
    daemons_["old"] = std::make_unique<fakes::FakeDaemon>(&executor_);
    d().ids_in_records = false;
    d().version_date = 20211212;
    Add("old");
  }
  fakes::FakeDaemon& d() { return daemon("old"); }
  void ReadAndStartAll() {
    Settle();
    while (d().ReadLine()) {
    }
    while (d().StartNext()) {
    }
    while (d().Write()) {
    }
  }
  void WriteAll() {
    while (d().ReadLine()) {
    }
    while (d().Write()) {
    }
    Settle();
  }
  std::string BodyOf(TaskId task) { return Body(client_.ends.at(task).record); }
};

TEST_F(OldDaemonTest, RecordsInAnyOrderFindTheirTasksByKey) {
  const TaskId one = Submit(id_, "old", "d1", "one");
  const TaskId two = Submit(id_, "old", "d2", "two");
  const TaskId three = Submit(id_, "old", "d3", "three");
  ReadAndStartAll();
  d().Finish(2);
  d().Finish(0);
  d().Finish(0);
  WriteAll();
  EXPECT_EQ(BodyOf(one), "d1 one done");
  EXPECT_EQ(BodyOf(two), "d2 two done");
  EXPECT_EQ(BodyOf(three), "d3 three done");
  EXPECT_EQ(broker_->unmatched_records(), 0u);
}

TEST_F(OldDaemonTest, IdenticalTasksAreDoneInTheOrderOfTheirAcceptance) {
  std::vector<TaskId> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(Submit(id_, "old", "d", std::to_string(i)));
  RunDry("old");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(BodyOf(tasks[static_cast<size_t>(i)]), "d " + std::to_string(i) + " done");
  }
}

TEST_F(OldDaemonTest, HaltedRecordGoesToTheHaltedOneOfIdenticalTasks) {
  const TaskId runs = Submit(id_, "old", "d", "runs");
  const TaskId waits = Submit(id_, "old", "d", "waits");
  const TaskId halted1 = Submit(id_, "old", "d", "halted1");
  const TaskId halted2 = Submit(id_, "old", "d", "halted2");
  ReadAndStartAll();
  broker_->Halt(halted2, v1::TASK_OUTCOME_HALTED);
  broker_->Halt(halted1, v1::TASK_OUTCOME_HALTED);
  WriteAll();
  EXPECT_EQ(BodyOf(halted1), "d halted1 halted");
  EXPECT_EQ(BodyOf(halted2), "d halted2 halted");
  RunDry("old");
  EXPECT_EQ(BodyOf(runs), "d runs done");
  EXPECT_EQ(BodyOf(waits), "d waits done");
}

TEST_F(OldDaemonTest, ResultWrittenAfterTheHaltOfAnIdenticalTaskStaysWithTheOneThatRan) {
  const TaskId runs = Submit(id_, "old", "d", "runs");
  const TaskId waits = Submit(id_, "old", "d", "waits");
  ReadAndStartAll();
  d().Finish(0);  // Not written yet.
  broker_->Halt(waits, v1::TASK_OUTCOME_HALTED);
  WriteAll();
  EXPECT_EQ(BodyOf(runs), "d runs done");
  EXPECT_EQ(BodyOf(waits), "d waits halted");
  EXPECT_EQ(client_.ends.at(runs).outcome, v1::TASK_OUTCOME_RESULT);
}

TEST_F(OldDaemonTest, HaltThatCameTooLateLeavesTheNextTaskAlone) {
  const TaskId first = Submit(id_, "old", "d", "first");
  const TaskId second = Submit(id_, "old", "d", "second");
  ReadAndStartAll();
  d().Finish(0);
  broker_->Halt(first, v1::TASK_OUTCOME_HALTED);
  RunDry("old");
  EXPECT_EQ(BodyOf(first), "d first done");
  EXPECT_EQ(BodyOf(second), "d second done");
  EXPECT_EQ(client_.ends.at(second).outcome, v1::TASK_OUTCOME_RESULT);
}

}  // namespace
}  // namespace scamper::broker
