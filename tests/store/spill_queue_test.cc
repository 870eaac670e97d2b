// SPDX-License-Identifier: Apache-2.0
#include "server/store/spill_queue.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/store/store_testing.h"

namespace scamper::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

class SpillQueueTest : public FolderTest {
 protected:
  // Distinct, of sizes from some bytes to more than what is read at a time.
  static std::string Item(uint64_t i) {
    return absl::StrCat(
        "item ", i, ":",
        std::string((i * 7919) % 1000 * (i % 100 == 0 ? 200 : 1), static_cast<char>('a' + i % 26)));
  }

  static void Fill(SpillQueue& queue, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      const auto index = queue.Append(Item(i));
      ASSERT_TRUE(index.ok()) << index.status();
      ASSERT_EQ(*index, i);
    }
  }

  static std::vector<std::string> Read(SpillQueue& queue, uint64_t first, size_t max_bytes) {
    auto items = queue.Read(first, max_bytes);
    EXPECT_TRUE(items.ok()) << items.status();
    return items.ok() ? *std::move(items) : std::vector<std::string>();
  }
};

TEST_F(SpillQueueTest, ItemsAreReadInOrderOverManySegments) {
  SpillQueue queue(store_.get(), 100'000);
  Fill(queue, 3000);
  EXPECT_GT(queue.bytes(), 1'000'000u);
  for (uint64_t next = 0; next < 3000;) {
    const std::vector<std::string> items = Read(queue, next, 10'000);
    ASSERT_FALSE(items.empty());
    for (const std::string& item : items) ASSERT_EQ(item, Item(next++));
  }
}

TEST_F(SpillQueueTest, AnyItemIsFoundAtOnceAndAgain) {
  SpillQueue queue(store_.get(), 1'000'000);
  Fill(queue, 3000);
  for (uint64_t i = 0; i < 3000; ++i) {
    const uint64_t index = i * 1117 % 3000;
    ASSERT_THAT(Read(queue, index, 0), ElementsAre(Item(index)));
  }
}

TEST_F(SpillQueueTest, ReadTakesWhatFitsAndAtLeastOne) {
  SpillQueue queue(store_.get());
  const std::vector<std::string> items = {"aaa", "bbb", "", "cccc", "d"};
  ASSERT_EQ(queue.Append(items).value(), 0u);
  EXPECT_THAT(Read(queue, 0, 6), ElementsAre("aaa", "bbb", ""));
  EXPECT_THAT(Read(queue, 3, 3), ElementsAre("cccc"));
  EXPECT_THAT(Read(queue, 1, 100), ElementsAre("bbb", "", "cccc", "d"));
  ASSERT_EQ(queue.Append("e").value(), 5u);
  EXPECT_THAT(Read(queue, 4, 100), ElementsAre("d", "e"));
}

TEST_F(SpillQueueTest, WhatIsNotThereIsOutOfRange) {
  SpillQueue queue(store_.get());
  EXPECT_EQ(queue.Read(0, 1).status().code(), StatusCode::kOutOfRange);
  Fill(queue, 3);
  EXPECT_EQ(queue.Read(3, 1).status().code(), StatusCode::kOutOfRange);
  queue.Trim(2);
  EXPECT_EQ(queue.Read(1, 1).status().code(), StatusCode::kOutOfRange);
  EXPECT_THAT(Read(queue, 2, 1), ElementsAre(Item(2)));
}

TEST_F(SpillQueueTest, TrimFreesWholeSegmentsAndIndexesStay) {
  SpillQueue queue(store_.get(), 10);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(queue.Append("12345678").ok());
  EXPECT_EQ(queue.bytes(), 48u);
  queue.Trim(1);
  EXPECT_EQ(queue.bytes(), 36u);
  queue.Trim(100);
  EXPECT_EQ(queue.bytes(), 0u);
  EXPECT_EQ(queue.begin(), 4u);
  EXPECT_EQ(queue.end(), 4u);
  ASSERT_EQ(queue.Append("next").value(), 4u);
  EXPECT_THAT(Read(queue, 4, 100), ElementsAre("next"));
  queue.Trim(1);
  EXPECT_EQ(queue.begin(), 4u);
}

TEST_F(SpillQueueTest, LeavesNoNameInTheFolder) {
  SpillQueue queue(store_.get(), 10);
  Fill(queue, 10);
  EXPECT_THAT(OnDisk(), IsEmpty());
  EXPECT_THAT(store_->List("", 10).files, IsEmpty());
}

TEST_F(SpillQueueTest, QuotaCountsWhatIsNotTrimmed) {
  Open(36);
  {
    SpillQueue queue(store_.get(), 10);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.Append("12345678").ok());
    EXPECT_EQ(queue.Append("12345678").status().code(), StatusCode::kResourceExhausted);
    EXPECT_EQ(queue.end(), 3u);
    queue.Trim(1);
    ASSERT_EQ(queue.Append("12345678").value(), 3u);
  }
  SpillQueue other(store_.get());
  EXPECT_TRUE(other.Append(std::string(32, 'x')).ok());
}

TEST_F(SpillQueueTest, FullDiskTakesNothingOfAnAppendAndLaterAll) {
  SpillQueue queue(store_.get());
  Fill(queue, 3);
  const uint64_t bytes = queue.bytes();
  const std::vector<std::string> items = {"one", std::string(100, '2')};
  {
    const FileSizeLimit limit(bytes + 10);
    EXPECT_FALSE(queue.Append(items).ok());
  }
  EXPECT_EQ(queue.bytes(), bytes);
  EXPECT_EQ(queue.end(), 3u);
  ASSERT_EQ(queue.Append(items).value(), 3u);
  EXPECT_THAT(Read(queue, 2, 1000), ElementsAre(Item(2), items[0], items[1]));
}

}  // namespace
}  // namespace scamper::store
