// SPDX-License-Identifier: Apache-2.0
#include "server/base/worker_pool.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace scamper::base {
namespace {

TEST(WorkerPoolTest, AsMuchWorkAsThreadsRunsAtTheSameTimeAndNoMoreIsTaken) {
  WorkerPool pool(3);
  auto* barrier = new absl::Barrier(4);
  absl::Notification go_on;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.TryRun(
        [&] {
          if (barrier->Block()) delete barrier;
          go_on.WaitForNotification();
        },
        [] {}));
  }
  if (barrier->Block()) delete barrier;
  EXPECT_FALSE(pool.TryRun([] { ADD_FAILURE(); }, [] { ADD_FAILURE(); }));
  go_on.Notify();
}

TEST(WorkerPoolTest, WhoHearsThatWorkIsOverCanStartTheNext) {
  WorkerPool pool(1);
  for (int i = 0; i < 1000; ++i) {
    absl::Notification over;
    EXPECT_TRUE(pool.TryRun([] {}, [&] { over.Notify(); }));
    over.WaitForNotification();
  }
}

TEST(WorkerPoolTest, DestructionWaitsForWorkThatWasTakenOn) {
  std::atomic<int> done{0};
  {
    WorkerPool pool(4);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(pool.TryRun([&] { ++done; }, [&] { ++done; }));
  }
  EXPECT_EQ(done, 8);
}

}  // namespace
}  // namespace scamper::base
