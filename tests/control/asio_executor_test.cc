// SPDX-License-Identifier: Apache-2.0
#include "server/control/asio_executor.h"

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace scamper::control {
namespace {

class AsioExecutorTest : public testing::Test {
 protected:
  asio::io_context io_;
  std::unique_ptr<base::Executor> executor_ = MakeAsioExecutor(&io_);
};

TEST_F(AsioExecutorTest, PostRunsLaterAndInOrder) {
  std::vector<int> ran;
  executor_->Post([&] {
    executor_->Post([&] { ran.push_back(3); });
    ran.push_back(1);
  });
  executor_->Post([&] { ran.push_back(2); });
  EXPECT_TRUE(ran.empty());
  io_.run();
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 3}));
}

TEST_F(AsioExecutorTest, TimerRunsOnceAfterItsDelay) {
  int ran = 0;
  const auto timer = executor_->After(absl::Milliseconds(5), [&] { ++ran; });
  io_.run();
  EXPECT_EQ(ran, 1);
}

TEST_F(AsioExecutorTest, DestroyedTimerDoesNotRunAndFreesItsFunction) {
  auto held = std::make_shared<int>(0);
  auto timer = executor_->After(absl::Milliseconds(1), [held] { ++*held; });
  timer.reset();
  io_.run();
  EXPECT_EQ(*held, 0);
  EXPECT_EQ(held.use_count(), 1);
}

// Both are due in the same turn, so the second is queued already when it is destroyed.
TEST_F(AsioExecutorTest, TimerDestroyedWhenDueDoesNotRun) {
  int ran = 0;
  std::unique_ptr<base::Timer> first, second;
  first = executor_->After(absl::ZeroDuration(), [&] { second.reset(); });
  second = executor_->After(absl::ZeroDuration(), [&] { ++ran; });
  io_.run();
  EXPECT_EQ(ran, 0);
}

TEST_F(AsioExecutorTest, TimerMayDestroyItself) {
  int ran = 0;
  std::unique_ptr<base::Timer> timer;
  timer = executor_->After(absl::ZeroDuration(), [&] {
    timer.reset();
    ++ran;
  });
  io_.run();
  EXPECT_EQ(ran, 1);
}

TEST(ControlThreadTest, RunsWhatOtherThreadsPostOnItsOwnThread) {
  ControlThread thread;
  std::promise<std::thread::id> id;
  thread.executor()->Post([&] { id.set_value(std::this_thread::get_id()); });
  thread.Start();
  EXPECT_NE(id.get_future().get(), std::this_thread::get_id());
  thread.Stop();
}

TEST(ControlThreadTest, StopWithTimersOutReturns) {
  ControlThread thread;
  std::unique_ptr<base::Timer> timer;
  std::promise<void> started;
  thread.executor()->Post([&] {
    timer = thread.executor()->After(absl::Hours(1), [] { FAIL(); });
    started.set_value();
  });
  thread.Start();
  started.get_future().wait();
  thread.Stop();
}

}  // namespace
}  // namespace scamper::control
