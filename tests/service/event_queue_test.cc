// SPDX-License-Identifier: Apache-2.0
#include "server/service/event_queue.h"

#include <memory>

#include "gtest/gtest.h"

namespace scamper::service {
namespace {

TEST(EventQueue, OnlyOneWriterHoldsAnEventAtATime) {
  EventQueue<int> queue;
  EXPECT_EQ(queue.Push(1, 10), 1);
  EXPECT_EQ(queue.Push(2, 10), std::nullopt);
  EXPECT_EQ(queue.Push(3, 10), std::nullopt);
  EXPECT_TRUE(queue.more());
  EXPECT_EQ(queue.Next(), 2);
  EXPECT_EQ(queue.Next(), 3);
  EXPECT_FALSE(queue.more());
  EXPECT_EQ(queue.Next(), std::nullopt);
  EXPECT_EQ(queue.Push(4, 10), 4);
}

TEST(EventQueue, BytesCountTheEventThatIsBeingWritten) {
  EventQueue<int> queue;
  queue.Push(1, 10);
  queue.Push(2, 5);
  EXPECT_EQ(queue.bytes(), 15u);
  queue.Next();
  EXPECT_EQ(queue.bytes(), 5u);
  queue.Next();
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(EventQueue, CloseWithAWriteUnderWayLeavesTheEndToTheWriter) {
  EventQueue<int> queue;
  queue.Push(1, 10);
  queue.Push(2, 10);
  EXPECT_FALSE(queue.Close());
  EXPECT_EQ(queue.Next(), std::nullopt);
  EXPECT_TRUE(queue.closed());
  EXPECT_EQ(queue.Push(3, 10), std::nullopt);
}

TEST(EventQueue, CloseWithoutAWriteLeavesTheEndToTheCaller) {
  EventQueue<int> queue;
  EXPECT_TRUE(queue.Close());
}

TEST(EventQueue, AfterAFailedWriteNothingIsWrittenAndCloseMayFinish) {
  EventQueue<int> queue;
  queue.Push(1, 10);
  queue.Push(2, 10);
  queue.Fail();
  EXPECT_EQ(queue.Push(3, 10), std::nullopt);
  EXPECT_TRUE(queue.Close());
}

TEST(EventQueue, TakesEventsThatCanOnlyMove) {
  EventQueue<std::unique_ptr<int>> queue;
  queue.Push(std::make_unique<int>(1), 1);
  queue.Push(std::make_unique<int>(2), 1);
  std::optional<std::unique_ptr<int>> next = queue.Next();
  ASSERT_TRUE(next);
  EXPECT_EQ(**next, 2);
}

}  // namespace
}  // namespace scamper::service
