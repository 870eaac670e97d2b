// SPDX-License-Identifier: Apache-2.0
#include "server/store/journal.h"

#include <fstream>

#include "gmock/gmock.h"
#include "tests/store/store_testing.h"

namespace scamper::store {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class JournalTest : public FolderTest {
 protected:
  std::unique_ptr<Journal> Start(const std::string& name, bool overwrite = false) {
    auto journal = store_->HoldJournal({name, "kind", overwrite});
    EXPECT_TRUE(journal.ok()) << journal.status();
    EXPECT_TRUE((*journal)->Create().ok());
    return *std::move(journal);
  }

  // As an upload.
  absl::StatusOr<FileInfo> Put(const std::string& name, const std::string& bytes,
                               bool overwrite = false) {
    auto file = store_->Create(name, overwrite);
    return file.ok() ? Write(**file, bytes) : file.status();
  }

  static absl::StatusOr<FileInfo> Write(NewFile& file, const std::string& bytes) {
    const auto sink = file.Sink();
    if (absl::Status status = sink->Write(bytes); !status.ok()) return status;
    EXPECT_TRUE(sink->Close().ok());
    return file.Commit();
  }

  // What a process that is killed leaves is what is on disk: a copy of the folder becomes the
  // folder of a new store.
  void Crash() {
    const fs::path copy = root_ / ("data" + std::to_string(crashed_.size()));
    fs::copy(folder_, copy);
    folder_ = copy;
    crashed_.push_back(std::move(store_));
    Open();
  }

  std::vector<std::unique_ptr<Journal>> Left() {
    auto left = store_->LeftJournals();
    EXPECT_TRUE(left.ok()) << left.status();
    return *std::move(left);
  }

  std::string Content(const std::string& name) {
    std::ifstream in(folder_ / name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

  static std::string Content(const Journal& journal) {
    std::string bytes(journal.size() + 10, 'x');
    const auto n = journal.Read(0, bytes.data(), bytes.size());
    EXPECT_TRUE(n.ok()) << n.status();
    bytes.resize(*n);
    return bytes;
  }

  uint64_t Total() { return store_->List("", 10).total_size; }

  // Their journals need them.
  std::vector<std::unique_ptr<Store>> crashed_;
};

TEST_F(JournalTest, BecomesTheFileOfItsTarget) {
  auto journal = Start("a");
  ASSERT_TRUE(journal->Append("hello ").ok());
  ASSERT_TRUE(journal->Append("world").ok());
  EXPECT_THAT(store_->List("", 10).files, IsEmpty());
  const auto file = journal->Become("a");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->size, 11u);
  journal.reset();
  EXPECT_EQ(Content("a"), "hello world");
  EXPECT_THAT(OnDisk(), ElementsAre("a"));
  EXPECT_EQ(Total(), 11u);
}

TEST_F(JournalTest, FileOfItsTargetIsMadeFromIt) {
  auto journal = Start("a");
  ASSERT_TRUE(journal->Append("hello").ok());
  const auto source = journal->Source();
  ASSERT_TRUE(source.ok());
  char buffer[10];
  EXPECT_EQ((*source)->Read(buffer, sizeof buffer).value(), 5u);
  auto file = journal->CreateFile();
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(Write(**file, "HELLO").ok());
  journal->Discard();
  EXPECT_EQ(Content("a"), "HELLO");
  EXPECT_THAT(OnDisk(), ElementsAre("a"));
}

TEST_F(JournalTest, NameIsHeldForAsLongAsItLives) {
  auto journal = Start("a");
  EXPECT_EQ(Put("a", "1").status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(Put("a", "1", true).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->HoldJournal({"a", "", false}).status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->HoldJournal({"a", "", true}).status().code(), StatusCode::kFailedPrecondition);
  journal.reset();
  EXPECT_TRUE(Put("a", "1").ok());
}

TEST_F(JournalTest, UploadThatBeganBeforeCannotTakeTheName) {
  auto upload = store_->Create("a", true);
  ASSERT_TRUE(upload.ok());
  const auto journal = Start("a");
  EXPECT_EQ(Write(**upload, "1").status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(JournalTest, FileIsReplacedOnlyWhereTheTargetSaysSo) {
  ASSERT_TRUE(Put("a", "old").ok());
  EXPECT_EQ(store_->HoldJournal({"a", "", false}).status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->HoldJournal({"../a", "", false}).status().code(), StatusCode::kInvalidArgument);
  auto journal = Start("a", true);
  ASSERT_TRUE(journal->Append("newer").ok());
  EXPECT_EQ(Content("a"), "old");
  ASSERT_TRUE(Put("b", "b").ok());
  EXPECT_EQ(journal->Become("b").status().code(), StatusCode::kAlreadyExists);
  ASSERT_TRUE(journal->Become("a").ok());
  EXPECT_EQ(Content("a"), "newer");
  EXPECT_EQ(Total(), 6u);
}

TEST_F(JournalTest, CrashLeavesWhatWasAppendedAndItsTarget) {
  const auto first = Start("a", true);
  const auto second = Start("b");
  const auto empty = Start("c");
  ASSERT_TRUE(first->Append("hello").ok());
  ASSERT_TRUE(second->Append("world").ok());
  Crash();
  auto left = Left();
  ASSERT_EQ(left.size(), 2u);
  std::sort(left.begin(), left.end(),
            [](const auto& a, const auto& b) { return a->target().name < b->target().name; });
  EXPECT_EQ(left[0]->target().name, "a");
  EXPECT_EQ(left[0]->target().kind, "kind");
  EXPECT_TRUE(left[0]->target().overwrite);
  EXPECT_FALSE(left[1]->target().overwrite);
  EXPECT_EQ(Content(*left[0]), "hello");
  EXPECT_EQ(Content(*left[1]), "world");
  EXPECT_EQ(Put("b", "1").status().code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(Put("c", "1").ok());
  ASSERT_TRUE(left[1]->Truncate(3).ok());
  ASSERT_TRUE(left[1]->Append("k").ok());
  ASSERT_TRUE(left[1]->Become("b").ok());
  EXPECT_EQ(Content("b"), "work");
  left[0]->Discard();
  EXPECT_THAT(OnDisk(), UnorderedElementsAre("b", "c"));
}

TEST_F(JournalTest, WhatIsLeftAgainAndAgainIsNotOverwritten) {
  ASSERT_TRUE(Start("a")->Append("one").ok());
  Crash();
  {
    const auto left = Left();
    ASSERT_TRUE(Start("b")->Append("two").ok());
  }
  Crash();
  const auto left = Left();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_THAT((std::vector<std::string>{Content(*left[0]), Content(*left[1])}),
              UnorderedElementsAre("one", "two"));
}

TEST_F(JournalTest, TargetWithoutJournalIsRemovedAndJournalWithoutTargetKept) {
  ASSERT_TRUE(Start("a")->Append("one").ok());
  ASSERT_TRUE(Start("b")->Append("two").ok());
  fs::remove(folder_ / ".record-1");
  fs::remove(folder_ / ".record-2.target");
  Crash();
  const auto left = Left();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(Content(*left[0]), "two");
  EXPECT_EQ(left[0]->target().name, "recording");
  EXPECT_THAT(OnDisk(), ElementsAre(".record-2"));
}

TEST_F(JournalTest, QuotaCountsJournalsAlsoThoseLeft) {
  Open(10);
  auto journal = Start("a");
  ASSERT_TRUE(journal->Append("123456").ok());
  EXPECT_EQ(Put("b", "12345").status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(journal->Append("12345").code(), StatusCode::kResourceExhausted);
  journal.reset();
  Open(10);
  auto left = Left();
  EXPECT_EQ(Put("b", "12345").status().code(), StatusCode::kResourceExhausted);
  ASSERT_TRUE(left[0]->Truncate(5).ok());
  ASSERT_TRUE(Put("b", "12345").ok());
  ASSERT_TRUE(left[0]->Become("a").ok());
  left.clear();
  EXPECT_EQ(Total(), 10u);
  EXPECT_EQ(Put("c", "1").status().code(), StatusCode::kResourceExhausted);
  ASSERT_TRUE(store_->Delete("a").ok());
  EXPECT_TRUE(Put("c", "12345").ok());
}

}  // namespace
}  // namespace scamper::store
