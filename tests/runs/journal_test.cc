// SPDX-License-Identifier: Apache-2.0
#include "server/runs/journal.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runs/testing.h"

namespace scamper::runs {
namespace {

using testing::ElementsAre;

JournalOptions Keeping(size_t bytes) {
  JournalOptions options;
  options.keep = true;
  options.kept_bytes = bytes;
  return options;
}

Event MakeEvent(uint64_t reference, size_t record = 0) {
  Event event{Event::Kind::kAccepted, reference, std::make_shared<const std::string>("vp"), {}};
  event.end.record.assign(record, 'x');
  return event;
}

std::vector<uint64_t> Numbers(const NotingReader& reader) {
  std::vector<uint64_t> numbers;
  for (const Journal::Item& item : reader.items) numbers.push_back(item.number);
  return numbers;
}

TEST(Journal, AReaderGetsWhatWasThereAndWhatComes) {
  Journal journal({});
  journal.Append(MakeEvent(1));
  auto reader = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(reader, 0).ok());
  EXPECT_THAT(reader->Texts(), ElementsAre("accepted 1"));
  journal.Append(MakeEvent(2));
  journal.Finish({});
  EXPECT_THAT(reader->Texts(), ElementsAre("accepted 1", "accepted 2", "finished"));
  EXPECT_THAT(Numbers(*reader), ElementsAre(1, 2, 3));
  journal.Detach(reader.get());
  EXPECT_EQ(journal.Next(reader.get()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Journal, WhatIsReadIsGoneUnlessItIsKept) {
  Journal journal({});
  journal.Append(MakeEvent(1));
  auto first = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(first, 0).ok());
  journal.Detach(first.get());
  EXPECT_EQ(journal.Attach(first, 0).code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(journal.Attach(first, 1).ok());
}

TEST(Journal, AReaderThatComesAgainGoesOnBehindWhatItSays) {
  Journal journal(Keeping(16 << 20));
  for (uint64_t i = 1; i <= 4; ++i) journal.Append(MakeEvent(i));
  auto first = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(first, 0).ok());
  journal.Detach(first.get());
  journal.Append(MakeEvent(5));
  auto second = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(second, 2).ok());
  EXPECT_THAT(Numbers(*second), ElementsAre(3, 4, 5));
  EXPECT_EQ(journal.Attach(second, 6).code(), absl::StatusCode::kOutOfRange);
}

TEST(Journal, WhatIsAcknowledgedIsGoneAndNothingElse) {
  Journal journal(Keeping(16 << 20));
  for (uint64_t i = 1; i <= 4; ++i) journal.Append(MakeEvent(i));
  // Not read yet: it stays.
  journal.Acknowledge(4);
  auto reader = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(reader, 0).ok());
  EXPECT_EQ(reader->items.size(), 4u);
  journal.Acknowledge(2);
  EXPECT_EQ(journal.Attach(reader, 1).code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(journal.Attach(reader, 2).ok());
}

TEST(Journal, KeepsWhatWasReadOnlyToTheBoundAndWhatWasNotReadBeyondIt) {
  Journal journal(Keeping(10000));
  for (uint64_t i = 1; i <= 100; ++i) journal.Append(MakeEvent(i, 1000));
  auto reader = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(reader, 0).ok());
  EXPECT_EQ(reader->items.size(), 100u);
  EXPECT_EQ(journal.Attach(reader, 50).code(), absl::StatusCode::kOutOfRange);
  reader->items.clear();
  EXPECT_TRUE(journal.Attach(reader, 95).ok());
  EXPECT_EQ(reader->items.size(), 5u);
}

TEST(Journal, WantsNoMoreWhileTooMuchIsUnreadAndSaysWhenThatIsOver) {
  int drained = 0;
  JournalOptions options;
  options.unread_bytes = 5000;
  options.drained = [&] { ++drained; };
  Journal journal(options);
  auto reader = std::make_shared<NotingReader>(&journal);
  for (uint64_t i = 1; i <= 4; ++i) journal.Append(MakeEvent(i, 1000));
  EXPECT_TRUE(journal.WantsMore());
  journal.Append(MakeEvent(5, 1000));
  EXPECT_FALSE(journal.WantsMore());
  EXPECT_EQ(drained, 0);
  ASSERT_TRUE(journal.Attach(reader, 0).ok());
  EXPECT_EQ(drained, 1);
  EXPECT_TRUE(journal.WantsMore());
}

TEST(Journal, ASlowReaderBehindAnotherIsToldWhenItsEventsAreGone) {
  Journal journal(Keeping(5000));
  // Reads one event a time.
  class Slow : public Journal::Reader {
    void Readable() override {}
  };
  auto slow = std::make_shared<Slow>();
  ASSERT_TRUE(journal.Attach(slow, 0).ok());
  auto fast = std::make_shared<NotingReader>(&journal);
  ASSERT_TRUE(journal.Attach(fast, 0).ok());
  for (uint64_t i = 1; i <= 20; ++i) journal.Append(MakeEvent(i, 1000));
  EXPECT_EQ(fast->items.size(), 20u);
  EXPECT_EQ(journal.Next(slow.get()).status().code(), absl::StatusCode::kOutOfRange);
}

// Reads on a thread of its own, and comes again after every few events.
TEST(Journal, NothingIsLostOrRepeatedBetweenThreads) {
  constexpr uint64_t kEvents = 20000;
  Journal journal(Keeping(1 << 20));
  class Waking : public Journal::Reader {
   public:
    void Readable() override { readable.store(true); }
    std::atomic<bool> readable{false};
  };
  std::vector<uint64_t> seen;
  std::thread reading([&] {
    while (seen.size() < kEvents) {
      auto reader = std::make_shared<Waking>();
      ASSERT_TRUE(journal.Attach(reader, seen.size()).ok());
      for (int i = 0; i < 100 && seen.size() < kEvents;) {
        auto item = journal.Next(reader.get());
        ASSERT_TRUE(item.ok()) << item.status();
        if (*item) {
          ASSERT_EQ((*item)->number, seen.size() + 1);
          seen.push_back((*item)->event.reference);
          ++i;
        } else {
          while (!reader->readable.exchange(false)) std::this_thread::yield();
        }
      }
      journal.Detach(reader.get());
    }
  });
  for (uint64_t i = 1; i <= kEvents; ++i) journal.Append(MakeEvent(i, 10));
  reading.join();
  for (uint64_t i = 0; i < kEvents; ++i) ASSERT_EQ(seen[i], i + 1);
}

}  // namespace
}  // namespace scamper::runs
