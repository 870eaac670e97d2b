// SPDX-License-Identifier: Apache-2.0
// The limits of one owner: that they hold, that nothing is lost, that those who wait take turns.
#include "server/broker/allowance.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AllowanceTest : public testing::Test {
 protected:
  std::unique_ptr<Allowance> Make(const ClientLimits& limits) {
    return std::make_unique<Allowance>(limits, &executor_, [this](const Allowance::Waiter& waiter) {
      resumed_.push_back(absl::StrCat(waiter.first, waiter.second));
    });
  }
  // Those resumed within that time.
  std::vector<std::string> ResumedIn(absl::Duration time) {
    executor_.Advance(time);
    return std::exchange(resumed_, {});
  }

  fakes::FakeExecutor executor_;
  std::vector<std::string> resumed_;
};

// Of a status, in milliseconds; -1 where it says no time.
int64_t RetryMillis(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  google::rpc::RetryInfo retry;
  if (!payload || !retry.ParseFromString(std::string(*payload))) return -1;
  return retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1000000;
}

TEST_F(AllowanceTest, NamesTheLimitThatIsReachedAndWhenToTryAgain) {
  const auto tasks = Make({.tasks_per_second = 4});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(tasks->Take(1).ok());
  absl::Status status = tasks->Take(1);
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("client_tasks_per_second of 4 is used up; try again in 250ms"));
  EXPECT_EQ(RetryMillis(status), 250);
  executor_.Advance(absl::Milliseconds(250));
  EXPECT_TRUE(tasks->Take(1).ok());

  const auto probes = Make({.tasks_per_second = 100, .probes_per_second = 10});
  EXPECT_TRUE(probes->Take(8).ok());
  status = probes->Take(4);
  EXPECT_THAT(std::string(status.message()), HasSubstr("client_probes_per_second of 10 is used"));
  EXPECT_EQ(RetryMillis(status), 200);
  EXPECT_TRUE(probes->Take(2).ok());

  const auto out = Make({.max_tasks = 2});
  EXPECT_TRUE(out->Take(1).ok());
  EXPECT_TRUE(out->Take(1).ok());
  status = out->Take(1);
  EXPECT_EQ(status.message(), "client_max_tasks of 2 is used up");
  EXPECT_EQ(RetryMillis(status), -1);
  out->Ended();
  EXPECT_TRUE(out->Take(1).ok());
}

TEST_F(AllowanceTest, ATaskOfMoreThanASecondHasGoesAndThoseBehindItWait) {
  const auto probes = Make({.probes_per_second = 10});
  EXPECT_TRUE(probes->Take(35).ok());
  EXPECT_EQ(RetryMillis(probes->Take(1)), 2600);
  executor_.Advance(absl::Milliseconds(2600));
  EXPECT_TRUE(probes->Take(1).ok());
}

TEST_F(AllowanceTest, RatesBelowOneASecondLetOneGoAtOnce) {
  const auto slow = Make({.tasks_per_second = 0.1});
  EXPECT_TRUE(slow->Take(1).ok());
  EXPECT_EQ(RetryMillis(slow->Take(1)), 10000);
}

TEST_F(AllowanceTest, ThoseWhoWaitAreResumedInOrderAsTasksAreThere) {
  const auto tasks = Make({.tasks_per_second = 1});
  EXPECT_TRUE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"b", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"b", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"a", 2}));
  EXPECT_THAT(ResumedIn(absl::Milliseconds(999)), IsEmpty());
  EXPECT_THAT(ResumedIn(absl::Milliseconds(1)), ElementsAre("a1"));
  // It takes one, and asks for another: behind the others.
  EXPECT_TRUE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_THAT(ResumedIn(absl::Seconds(1)), ElementsAre("b1"));
  // Whoever comes now stands behind them, too.
  EXPECT_FALSE(tasks->TakeOrWait(1, {"c", 3}));
  EXPECT_TRUE(tasks->TakeOrWait(1, {"b", 1}));
  EXPECT_THAT(ResumedIn(absl::Seconds(1)), ElementsAre("a2"));
}

TEST_F(AllowanceTest, OneThatDoesNotComeHoldsUpNobody) {
  const auto tasks = Make({.tasks_per_second = 1});
  EXPECT_TRUE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"b", 1}));
  EXPECT_THAT(ResumedIn(absl::Milliseconds(1010)), ElementsAre("a1", "b1"));
  // The first is too late.
  EXPECT_TRUE(tasks->TakeOrWait(1, {"b", 1}));
  EXPECT_FALSE(tasks->TakeOrWait(1, {"a", 1}));
  EXPECT_THAT(ResumedIn(absl::Seconds(1)), ElementsAre("a1"));
}

TEST_F(AllowanceTest, TheEndOfATaskResumesWhoWaitsForAPlace) {
  const auto out = Make({.max_tasks = 1});
  EXPECT_TRUE(out->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(out->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(out->TakeOrWait(1, {"a", 2}));
  EXPECT_THAT(ResumedIn(absl::Hours(1)), IsEmpty());
  out->Ended();
  EXPECT_THAT(ResumedIn(absl::ZeroDuration()), ElementsAre("a1"));
  EXPECT_TRUE(out->TakeOrWait(1, {"a", 1}));
  EXPECT_FALSE(out->IsIdle());
}

TEST_F(AllowanceTest, IsIdleOnceEverythingIsThereAgain) {
  const auto tasks = Make({.tasks_per_second = 2});
  EXPECT_TRUE(tasks->IsIdle());
  EXPECT_TRUE(tasks->Take(1).ok());
  tasks->Ended();
  EXPECT_FALSE(tasks->IsIdle());
  executor_.Advance(absl::Milliseconds(500));
  EXPECT_TRUE(tasks->IsIdle());
}

class LimitsTest : public BrokerTest {
 protected:
  void StartWith(const ClientLimits& limits) {
    BrokerOptions options;
    options.client_limits = limits;
    Start(options);
  }
  absl::StatusOr<TaskId> SubmitTo(Broker::ClientId client, const std::string& instance,
                                  uint64_t packets, bool may_wait) {
    TaskSpec spec;
    spec.instance = instance;
    spec.key = absl::StrCat("d", ++last_);
    spec.command = [line = absl::StrCat("ping ", spec.key, " x")](int) { return line; };
    spec.packets = packets;
    spec.may_wait = may_wait;
    return broker_->Submit(client, std::move(spec));
  }
  int last_ = 0;
};

TEST_F(LimitsTest, TasksThatMayWaitArePacedAndNoneIsLost) {
  StartWith({.tasks_per_second = 10});
  fakes::FakeDaemon& d = Add("a");
  NotingClient limited;
  const auto id = broker_->AddClient(&limited, "someone");
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(SubmitTo(id, "a", 1, true).ok());
  Settle();
  EXPECT_EQ(d.commands().size(), 10u);
  // One who has no owner is not held up by it.
  Submit(id_, "a", "free");
  Settle();
  EXPECT_EQ(d.commands().size(), 11u);
  executor_.Advance(absl::Seconds(2));
  EXPECT_EQ(d.commands().size(), 31u);
  executor_.Advance(absl::Milliseconds(2001));
  EXPECT_EQ(d.commands().size(), 51u);
  RunDry("a");
  EXPECT_EQ(limited.Count(v1::TASK_OUTCOME_RESULT), 50u);
  CheckLedgers();
}

TEST_F(LimitsTest, ClientsOfOneOwnerShareAndTakeTurnsOverAllInstances) {
  StartWith({.tasks_per_second = 1});
  Add("a");
  Add("b");
  NotingClient one;
  NotingClient two;
  const auto one_id = broker_->AddClient(&one, "someone");
  const auto two_id = broker_->AddClient(&two, "someone");
  for (int i = 0; i < 100; ++i) {
    for (const char* instance : {"a", "b"}) {
      ASSERT_TRUE(SubmitTo(one_id, instance, 1, true).ok());
      ASSERT_TRUE(SubmitTo(two_id, instance, 1, true).ok());
    }
  }
  executor_.Advance(absl::Seconds(39) + absl::Milliseconds(500));
  EXPECT_EQ(daemon("a").commands().size() + daemon("b").commands().size(), 40u);
  EXPECT_NEAR(static_cast<double>(daemon("a").commands().size()), 20, 1);
  RunDry("a");
  RunDry("b");
  EXPECT_NEAR(static_cast<double>(one.ends.size()), 20, 1);
  EXPECT_EQ(one.ends.size() + two.ends.size(), 40u);
}

TEST_F(LimitsTest, ProbesAreCountedAsEstimated) {
  StartWith({.probes_per_second = 100});
  fakes::FakeDaemon& d = Add("a");
  NotingClient limited;
  const auto id = broker_->AddClient(&limited, "someone");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(SubmitTo(id, "a", 50, true).ok());
  Settle();
  EXPECT_EQ(d.commands().size(), 2u);
  executor_.Advance(absl::Milliseconds(1001));
  EXPECT_EQ(d.commands().size(), 4u);
}

TEST_F(LimitsTest, OutstandingTasksPauseTheRestUntilOneEnds) {
  StartWith({.max_tasks = 3});
  fakes::FakeDaemon& d = Add("a");
  NotingClient limited;
  const auto id = broker_->AddClient(&limited, "someone");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(SubmitTo(id, "a", 1, true).ok());
  Settle();
  EXPECT_EQ(d.commands().size(), 3u);
  while (d.ReadLine()) {
  }
  d.StartNext();
  d.Finish(0);
  d.Write();
  executor_.Advance(absl::ZeroDuration());
  EXPECT_EQ(d.commands().size(), 4u);
  while (limited.ends.size() < 10) {
    RunDry("a");
    executor_.Advance(absl::Milliseconds(1));
  }
  EXPECT_EQ(limited.Count(v1::TASK_OUTCOME_RESULT), 10u);
}

TEST_F(LimitsTest, ATaskThatMayNotWaitIsNotTakenOnAndCountsNowhere) {
  StartWith({.max_tasks = 1});
  fakes::FakeDaemon& d = Add("a");
  NotingClient one;
  NotingClient two;
  NotingClient other;
  const auto one_id = broker_->AddClient(&one, "someone");
  ASSERT_TRUE(SubmitTo(one_id, "a", 1, false).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(
      SubmitTo(broker_->AddClient(&two, "someone"), "a", 1, false).status()));
  EXPECT_TRUE(SubmitTo(broker_->AddClient(&other, "another"), "a", 1, false).ok());
  Settle();
  EXPECT_EQ(d.commands().size(), 2u);
  EXPECT_EQ(broker_->ledger().accepted(), 2u);
  // Gone as the client is, its task is still out.
  broker_->RemoveClient(one_id);
  one.removed = true;
  EXPECT_TRUE(absl::IsResourceExhausted(
      SubmitTo(broker_->AddClient(&two, "someone"), "a", 1, false).status()));
  RunDry("a");
  EXPECT_TRUE(SubmitTo(broker_->AddClient(&two, "someone"), "a", 1, false).ok());
}

TEST_F(LimitsTest, ALostInstanceFreesThePlacesOfItsTasks) {
  StartWith({.max_tasks = 1});
  fakes::FakeDaemon& a = Add("a");
  fakes::FakeDaemon& b = Add("b");
  NotingClient limited;
  const auto id = broker_->AddClient(&limited, "someone");
  ASSERT_TRUE(SubmitTo(id, "a", 1, true).ok());
  ASSERT_TRUE(SubmitTo(id, "b", 1, true).ok());
  Settle();
  EXPECT_EQ(a.commands().size(), 1u);
  EXPECT_EQ(b.commands().size(), 0u);
  a.Kill();
  executor_.Advance(absl::ZeroDuration());
  EXPECT_EQ(b.commands().size(), 1u);
  EXPECT_EQ(limited.Count(v1::TASK_OUTCOME_INSTANCE_LOST), 1u);
}

}  // namespace
}  // namespace scamper::broker
