// SPDX-License-Identifier: Apache-2.0
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

TEST_F(BrokerTest, ShutdownHaltsAllAndIsDoneWhenAllEnded) {
  BrokerOptions options;
  options.window = 2;
  Start(options);
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 5; ++i) Submit(id_, "a", "d");
  Settle();
  d.ReadLine();
  d.Write();
  int done = 0;
  broker_->Shutdown(absl::Seconds(3), [&] { ++done; });
  EXPECT_TRUE(absl::IsUnavailable(broker_->Submit(id_, {"a", nullptr, ""}).status()));
  Settle();
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_HALTED), 3u);
  EXPECT_EQ(done, 0);
  RunDry("a");
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_HALTED), 5u);
  EXPECT_EQ(done, 1);
  EXPECT_FALSE(d.connected());
  const size_t attempts = d.attempts().size();
  executor_.Advance(absl::Seconds(60));
  EXPECT_EQ(done, 1);
  EXPECT_EQ(d.attempts().size(), attempts);
}

TEST_F(BrokerTest, ShutdownEndsWhatIsOutAfterTheGrace) {
  fakes::FakeDaemon& d = Add("a");
  for (int i = 0; i < 5; ++i) Submit(id_, "a", "d");
  Settle();
  int done = 0;
  broker_->Shutdown(absl::Seconds(3), [&] {
    ++done;
    EXPECT_EQ(client_.ends.size(), 5u);
  });
  executor_.Advance(absl::Milliseconds(2999));
  EXPECT_EQ(done, 0);
  executor_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(done, 1);
  EXPECT_EQ(client_.Count(v1::TASK_OUTCOME_INSTANCE_LOST), 5u);
  EXPECT_FALSE(d.connected());
  CheckLedgers();
  executor_.Advance(absl::Seconds(60));
  EXPECT_EQ(d.attempts().size(), 1u);
}

TEST_F(BrokerTest, ShutdownWithNothingOutIsDoneSoonButNotFromInside) {
  Add("a");
  int done = 0;
  broker_->Shutdown(absl::Seconds(3), [&] { ++done; });
  EXPECT_EQ(done, 0);
  Settle();
  EXPECT_EQ(done, 1);
  broker_->Shutdown(absl::Seconds(3), [&] { ++done; });
  Settle();
  EXPECT_EQ(done, 2);
}

TEST_F(BrokerTest, BrokerMayBeDestroyedWithTasksOutAndCallsNobody) {
  Add("a");
  for (int i = 0; i < 5; ++i) Submit(id_, "a", "d");
  Settle();
  Submit(id_, "a", "d");
  daemon("a").Kill();
  client_.removed = true;
  broker_.reset();
  executor_.Advance(absl::Seconds(60));
  EXPECT_TRUE(client_.ends.empty());
}

TEST_F(BrokerTest, BrokerMayBeDestroyedOnceShutdownIsDone) {
  Add("a");
  Submit(id_, "a", "d");
  bool done = false;
  broker_->Shutdown(absl::Seconds(3), [&] {
    done = true;
    executor_.Post([&] { broker_.reset(); });
  });
  RunDry("a");
  executor_.Advance(absl::Seconds(60));
  EXPECT_TRUE(done);
  EXPECT_EQ(broker_, nullptr);
}

}  // namespace
}  // namespace scamper::broker
