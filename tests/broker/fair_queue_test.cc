// SPDX-License-Identifier: Apache-2.0
#include "server/broker/fair_queue.h"

#include <deque>

#include "gmock/gmock.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;

class FairQueueTest : public testing::Test {
 protected:
  Task* Push(Broker::ClientId client) {
    Task& task = tasks_.emplace_back();
    task.id = tasks_.size();
    task.client = client;
    queue_.Push(&task);
    return &task;
  }
  std::vector<TaskId> TakeIds() {
    std::vector<TaskId> ids;
    while (queue_.Turn()) ids.push_back(queue_.Take()->id);
    return ids;
  }
  std::deque<Task> tasks_;
  FairQueue queue_;
};

TEST_F(FairQueueTest, ClientsTakeTurns) {
  for (Broker::ClientId client : {1, 1, 1, 2, 3, 3}) Push(client);
  EXPECT_EQ(queue_.size(), 6u);
  EXPECT_THAT(TakeIds(), ElementsAre(1, 4, 5, 2, 6, 3));
  EXPECT_EQ(queue_.size(), 0u);
}

TEST_F(FairQueueTest, RemovedTasksAreNotTaken) {
  Task* first = Push(1);
  Push(1);
  Task* last = Push(1);
  Task* only = Push(2);
  queue_.Remove(first);
  queue_.Remove(only);
  queue_.Remove(last);
  EXPECT_THAT(TakeIds(), ElementsAre(2));
}

TEST_F(FairQueueTest, PausedClientHasNoTurnUntilResumed) {
  Push(1);
  Push(2);
  queue_.Pause();
  Push(1);
  EXPECT_THAT(TakeIds(), ElementsAre(2));
  EXPECT_EQ(queue_.size(), 2u);
  queue_.Resume(2);
  EXPECT_FALSE(queue_.Turn().has_value());
  queue_.Resume(1);
  EXPECT_THAT(TakeIds(), ElementsAre(1, 3));
}

TEST_F(FairQueueTest, TakeAllEmptiesPausedClientsToo) {
  Push(1);
  Push(2);
  queue_.Pause();
  EXPECT_EQ(queue_.TakeAll().size(), 2u);
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_FALSE(queue_.Turn().has_value());
  Push(1);
  EXPECT_THAT(TakeIds(), ElementsAre(3));
}

}  // namespace
}  // namespace scamper::broker
