// SPDX-License-Identifier: Apache-2.0
// Journals that have a disk.
#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/control/asio_executor.h"
#include "server/runs/event_codec.h"
#include "server/runs/journal.h"
#include "tests/fakes/fake_executor.h"
#include "tests/runs/testing.h"
#include "tests/store/store_testing.h"

namespace scamper::runs {
namespace {

constexpr size_t kRecord = 1000;

// Of its number follows what it is.
Event EventOf(uint64_t number) {
  Event event{Event::Kind::kEnd, number * 3, std::make_shared<const std::string>("vp"), {}};
  event.end.task = number;
  event.end.outcome = v1::TASK_OUTCOME_RESULT;
  event.end.record = absl::StrCat(number, std::string(number % kRecord, 'x'));
  return event;
}

bool IsEventOf(uint64_t number, const Event& event) {
  const Event expected = EventOf(number);
  return event.kind == expected.kind && event.reference == expected.reference &&
         event.instance != nullptr && *event.instance == "vp" &&
         event.end.task == expected.end.task && event.end.outcome == expected.end.outcome &&
         event.end.record == expected.end.record;
}

// Reads when it is told to, and checks what it gets.
class CheckingReader : public Journal::Reader {
 public:
  CheckingReader(Journal* journal, uint64_t after) : journal_(journal), last_(after) {}
  void Readable() override { readable_ = true; }

  // Up to `most` events; false: there are none now.
  bool Read(size_t most) {
    for (; most > 0 && readable_; --most) {
      absl::StatusOr<std::optional<Journal::Item>> item = journal_->Next(this);
      status_ = item.status();
      readable_ = item.ok() && item->has_value();
      if (!readable_) return false;
      ++last_;
      EXPECT_EQ((*item)->number, last_);
      EXPECT_TRUE(IsEventOf(last_, (*item)->event)) << last_;
    }
    return readable_;
  }
  uint64_t last() const { return last_; }
  const absl::Status& status() const { return status_; }

 private:
  Journal* const journal_;
  uint64_t last_;
  bool readable_ = false;
  absl::Status status_;
};

// Asks by itself.
class SilentReader : public Journal::Reader {
 public:
  void Readable() override {}
};

class JournalDiskTest : public store::FolderTest {
 protected:
  void Make(uint64_t max_bytes = 1 << 30) {
    JournalOptions options;
    options.keep = true;
    options.unread_bytes = 1 << 20;
    options.kept_bytes = 2 << 20;
    options.disk = {store_.get(), &disk_, max_bytes};
    options.drained = [this] { ++drained_; };
    journal_ = std::make_unique<Journal>(std::move(options));
  }
  ~JournalDiskTest() override { journal_.reset(); }

  void Append(uint64_t count) {
    for (; count > 0; --count) journal_->Append(EventOf(++appended_));
  }
  void Attach(uint64_t after) {
    reader_ = std::make_shared<CheckingReader>(journal_.get(), after);
    const absl::Status status = journal_->Attach(reader_, after);
    EXPECT_TRUE(status.ok()) << status;
  }
  // Until there is nothing to read.
  void ReadAll() {
    while (reader_->Read(1000) || disk_.posted() > 0) disk_.RunPosted();
  }

  fakes::FakeExecutor disk_;
  std::unique_ptr<Journal> journal_;
  std::shared_ptr<CheckingReader> reader_;
  uint64_t appended_ = 0;
  int drained_ = 0;
};

TEST_F(JournalDiskTest, WhatMemoryHasNoRoomForWaitsOnDiskAndTheJournalWantsMore) {
  Make();
  for (int i = 0; i < 40; ++i) {
    Append(1000);
    disk_.RunPosted();
    EXPECT_TRUE(journal_->WantsMore());
  }
  Attach(0);
  ReadAll();
  EXPECT_EQ(reader_->last(), 40000u);
  Append(10);
  ReadAll();
  EXPECT_EQ(reader_->last(), 40010u);
}

TEST_F(JournalDiskTest, AboveItsBoundOnDiskItWantsNoMoreUntilItIsRead) {
  Make(3 << 20);
  while (journal_->WantsMore()) {
    Append(1000);
    disk_.RunPosted();
    ASSERT_LT(appended_, 100000u);
  }
  EXPECT_GT(appended_ * kRecord / 2, size_t{3} << 20);
  EXPECT_EQ(drained_, 0);
  Attach(0);
  ReadAll();
  EXPECT_EQ(reader_->last(), appended_);
  EXPECT_EQ(drained_, 1);
  EXPECT_TRUE(journal_->WantsMore());
}

TEST_F(JournalDiskTest, WithAFullDiskItWantsNoMoreAndLosesNothing) {
  Open(1 << 20);
  Make();
  while (journal_->WantsMore()) {
    Append(100);
    disk_.RunPosted();
    ASSERT_LT(appended_, 100000u);
  }
  // What comes in spite of that.
  Append(10000);
  disk_.RunPosted();
  Attach(0);
  ReadAll();
  EXPECT_EQ(reader_->last(), appended_);
  EXPECT_EQ(drained_, 1);
  Append(5000);
  ReadAll();
  EXPECT_EQ(reader_->last(), appended_);
}

TEST_F(JournalDiskTest, AReaderMayBeginBehindMuchThatIsOnDisk) {
  Make();
  for (int i = 0; i < 20; ++i) {
    Append(1000);
    disk_.RunPosted();
  }
  Attach(15000);
  ReadAll();
  EXPECT_EQ(reader_->last(), 20000u);
  // What is before that counts as read.
  journal_->Acknowledge(19000);
  Attach(19000);
  ReadAll();
  EXPECT_EQ(reader_->last(), 20000u);
}

TEST_F(JournalDiskTest, TheEndOfAJournalWithWorkUnderWayIsNoMatter) {
  Make();
  Append(10000);
  ASSERT_GT(disk_.posted(), 0u);
  journal_.reset();
  disk_.RunPosted();
}

TEST_F(JournalDiskTest, InWhateverOrderThingsHappenEventsComeOnceAndInOrder) {
  std::minstd_rand random(7);
  const auto below = [&](uint64_t n) { return random() % n; };
  for (int round = 0; round < 20; ++round) {
    Open(below(3) == 0 ? 4 << 20 : 0);
    appended_ = 0;
    Make(below(2) == 0 ? 2 << 20 : 1 << 30);
    Attach(0);
    uint64_t acknowledged = 0;
    for (int step = 0; step < 2000; ++step) {
      switch (below(6)) {
        case 0:
        case 1:
          if (journal_->WantsMore()) Append(below(400));
          break;
        case 2:
          disk_.RunOne();
          break;
        case 3:
        case 4:
          reader_->Read(below(500));
          break;
        default:
          if (below(10) == 0) {
            // Another connection goes on a little before that.
            journal_->Detach(reader_.get());
            Attach(std::max(acknowledged, reader_->last() - below(reader_->last() + 1) % 20));
          } else if (below(4) == 0) {
            acknowledged = reader_->last();
            journal_->Acknowledge(acknowledged);
          }
      }
      ASSERT_TRUE(reader_->status().ok()) << reader_->status();
    }
    ReadAll();
    ASSERT_EQ(reader_->last(), appended_);
    ASSERT_TRUE(journal_->WantsMore());
    journal_.reset();
    disk_.RunPosted();
  }
}

TEST_F(JournalDiskTest, ThreadsThatAppendReadAndWriteDoNotDisturbEachOther) {
  constexpr uint64_t kEvents = 50000;
  control::ControlThread disk;
  disk.Start();
  JournalOptions options;
  options.keep = true;
  options.unread_bytes = 100 << 10;
  options.kept_bytes = 200 << 10;
  options.disk = {store_.get(), disk.executor()};
  options.drained = [] {};
  journal_ = std::make_unique<Journal>(std::move(options));
  auto reader = std::make_shared<SilentReader>();
  ASSERT_TRUE(journal_->Attach(reader, 0).ok());
  std::thread reading([&] {
    for (uint64_t next = 1; next <= kEvents;) {
      const auto item = journal_->Next(reader.get());
      ASSERT_TRUE(item.ok()) << item.status();
      if (!*item) {
        std::this_thread::yield();
        continue;
      }
      ASSERT_EQ((*item)->number, next);
      ASSERT_TRUE(IsEventOf(next, (*item)->event));
      ++next;
    }
  });
  Append(kEvents);
  reading.join();
}

TEST(EventCodec, AnEventIsTheSameAfterwards) {
  EventCodec codec;
  Event event{Event::Kind::kEnd, 7, std::make_shared<const std::string>("vp1"), {}};
  event.end.task = 8;
  event.end.outcome = v1::TASK_OUTCOME_REJECTED;
  event.end.status = absl::FailedPreconditionError("needs a newer one");
  event.end.status.SetPayload("type.googleapis.com/x", absl::Cord("detail"));
  event.end.record = std::string("\0record", 7);
  event.end.under = std::make_shared<const broker::RecordedUnder>();
  const std::string bytes = codec.Encode(event);
  const absl::StatusOr<Event> again = codec.Decode(bytes);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->kind, event.kind);
  EXPECT_EQ(again->reference, 7u);
  EXPECT_EQ(*again->instance, "vp1");
  EXPECT_EQ(again->end.task, 8u);
  EXPECT_EQ(again->end.outcome, event.end.outcome);
  EXPECT_EQ(again->end.status, event.end.status);
  EXPECT_EQ(again->end.record, event.end.record);
  EXPECT_EQ(again->end.under, event.end.under);

  Event finished;
  finished.kind = Event::Kind::kFinished;
  EXPECT_EQ(codec.Decode(codec.Encode(finished))->instance, nullptr);
  EXPECT_TRUE(absl::IsDataLoss(codec.Decode("short").status()));
  EXPECT_TRUE(absl::IsDataLoss(codec.Decode(bytes.substr(0, bytes.size() - 3)).status()));
  EXPECT_TRUE(absl::IsDataLoss(EventCodec().Decode(bytes).status()));
}

}  // namespace
}  // namespace scamper::runs
