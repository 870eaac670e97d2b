// SPDX-License-Identifier: Apache-2.0
// Connections of a client's own.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OwningClient : public NotingClient {
 public:
  void OnOwnChanged(const v1::Instance& instance) override { changes.push_back(instance); }
  std::vector<v1::Instance> changes;
};

class OwnConnectionTest : public BrokerTest {
 protected:
  OwnConnectionTest() : owner_(broker_->AddClient(&owning_)) {
    attachment_.list_id = 7;
    attachment_.list_name = "mine";
  }
  ~OwnConnectionTest() override { broker_->RemoveClient(owner_); }

  absl::Status Open(const std::string& instance = "a") {
    absl::Status status = broker_->OpenOwn(owner_, instance, attachment_);
    Settle();
    return status;
  }
  fakes::FakeDaemon* Own() { return daemon("a").own("attach list_id 7 name \"mine\""); }
  void RunOwnDry() {
    do {
      Settle();
      Own()->RunDry();
      Settle();
    } while (Own()->unread() > 0);
  }

  OwningClient owning_;
  Broker::ClientId owner_;
  control::Attachment attachment_;
};

TEST_F(OwnConnectionTest, TasksOfItsClientGoThereAndNoOthers) {
  Add("a");
  const TaskId early = Submit(owner_, "a", "192.0.2.1", "early");
  ASSERT_TRUE(Open().ok());
  const TaskId own = Submit(owner_, "a", "192.0.2.2", "own");
  const TaskId other = Submit(id_, "a", "192.0.2.3", "other");
  Settle();
  EXPECT_THAT(Own()->commands(), ElementsAre("ping 192.0.2.2 own"));
  EXPECT_THAT(daemon("a").commands(), ElementsAre("ping 192.0.2.1 early", "ping 192.0.2.3 other"));
  EXPECT_EQ(Get("a").outstanding(), 3u);
  CheckLedgers();
  RunOwnDry();
  RunDry("a");
  EXPECT_EQ(owning_.ends.at(own).under->list.name(), "attach list_id 7 name \"mine\"");
  EXPECT_EQ(owning_.ends.at(early).under->list.name(), "list");
  EXPECT_EQ(client_.ends.at(other).under->list.name(), "list");
  EXPECT_EQ(Get("a").ledger().results(), 3u);
  CheckLedgers();
}

TEST_F(OwnConnectionTest, ItsClientIsToldOfItAndNobodyElse) {
  Add("a");
  std::vector<std::string> watched;
  broker_->Watch([&](const v1::Instance& i) { watched.push_back(i.name()); });
  ASSERT_TRUE(Open().ok());
  ASSERT_EQ(owning_.changes.size(), 2u);
  EXPECT_EQ(owning_.changes[0].state(), v1::INSTANCE_STATE_CONNECTING);
  EXPECT_EQ(owning_.changes[1].state(), v1::INSTANCE_STATE_READY);
  EXPECT_EQ(owning_.changes[1].list().name(), "attach list_id 7 name \"mine\"");
  EXPECT_THAT(watched, ElementsAre("a"));
  EXPECT_EQ(broker_->Instances().size(), 1u);
}

TEST_F(OwnConnectionTest, ATaskWaitsForItTheFirstTimeAndIsLostWithIt) {
  Add("a").own_answer = fakes::FakeDaemon::Answer::kSilent;
  ASSERT_TRUE(Open().ok());
  const TaskId waiting = Submit(owner_, "a", "192.0.2.1");
  Settle();
  EXPECT_EQ(Get("a").queued(), 1u);
  CheckLedgers();
  executor_.Advance(absl::Seconds(60));
  EXPECT_EQ(owning_.ends.at(waiting).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
  Own()->answer = fakes::FakeDaemon::Answer::kReady;
  executor_.Advance(absl::Seconds(60));
  const TaskId out = Submit(owner_, "a", "192.0.2.1");
  Settle();
  Own()->Kill();
  Settle();
  EXPECT_EQ(owning_.ends.at(out).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
  executor_.Advance(absl::Seconds(60));
  EXPECT_EQ(owning_.changes.back().state(), v1::INSTANCE_STATE_READY);
  CheckLedgers();
}

TEST_F(OwnConnectionTest, IsHaltedAndClosedWithItsClient) {
  Add("a");
  ASSERT_TRUE(Open().ok());
  Submit(owner_, "a", "192.0.2.1");
  Settle();
  while (Own()->ReadLine() || Own()->Write()) {
  }
  owning_.removed = true;
  broker_->RemoveClient(owner_);
  Settle();
  EXPECT_EQ(Own()->halts(), 1u);
  EXPECT_TRUE(Own()->connected());
  RunOwnDry();
  EXPECT_FALSE(Own()->connected());
  EXPECT_EQ(Get("a").ledger().halted(), 1u);
  EXPECT_EQ(Get("a").outstanding(), 0u);
  CheckLedgers();
}

TEST_F(OwnConnectionTest, EndsWithItsInstance) {
  Add("a");
  ASSERT_TRUE(Open().ok());
  const TaskId task = Submit(owner_, "a", "192.0.2.1");
  Settle();
  EXPECT_TRUE(broker_->RemoveInstance("a", "detached"));
  Settle();
  EXPECT_EQ(owning_.ends.at(task).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
  EXPECT_EQ(owning_.changes.back().state(), v1::INSTANCE_STATE_GONE);
  EXPECT_FALSE(Own()->connected());
  Add("a");
  EXPECT_TRUE(Open().ok());
}

TEST_F(OwnConnectionTest, ShutdownWaitsForItsTasks) {
  Add("a");
  ASSERT_TRUE(Open().ok());
  Submit(owner_, "a", "192.0.2.1");
  Settle();
  bool done = false;
  broker_->Shutdown(absl::Seconds(5), [&] { done = true; });
  RunOwnDry();
  EXPECT_TRUE(done);
  EXPECT_EQ(owning_.Count(v1::TASK_OUTCOME_HALTED), 1u);
  EXPECT_FALSE(Own()->connected());
}

TEST_F(OwnConnectionTest, IsRefusedWhereItCannotBe) {
  EXPECT_EQ(Open().code(), absl::StatusCode::kNotFound);
  Add("a").version_date = 20211212;
  daemon("a").Kill();
  EXPECT_EQ(Open().code(), absl::StatusCode::kUnavailable);
  executor_.Advance(absl::Seconds(10));
  const absl::Status old = Open();
  EXPECT_EQ(old.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(old.message()), HasSubstr("runs scamper 20211212"));
  daemon("a").version_date = 0;
  daemon("a").Kill();
  executor_.Advance(absl::Seconds(10));
  attachment_ = {};
  const absl::Status relayed = Open();
  EXPECT_EQ(relayed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(relayed.message()), HasSubstr("sc_remoted"));
  attachment_.list_name = "a\"b";
  EXPECT_EQ(Open().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(owning_.changes, IsEmpty());
}

TEST_F(OwnConnectionTest, OneThatSaysNothingNeedsNoVersion) {
  Add("a").version_date = 20211212;
  daemon("a").Kill();
  executor_.Advance(absl::Seconds(10));
  attachment_ = {};
  EXPECT_TRUE(Open().ok());
  EXPECT_EQ(Open().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(daemon("a").own("attach")->connected());
}

}  // namespace
}  // namespace scamper::broker
