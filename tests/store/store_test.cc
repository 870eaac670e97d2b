// SPDX-License-Identifier: Apache-2.0
#include "server/store/store.h"

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

class StoreTest : public FolderTest {
 protected:
  absl::StatusOr<FileInfo> Put(const std::string& name, const std::string& bytes,
                               bool overwrite = false) {
    auto file = store_->Create(name, overwrite);
    if (!file.ok()) return file.status();
    const auto sink = (*file)->Sink();
    if (absl::Status status = sink->Write(bytes); !status.ok()) return status;
    if (absl::Status status = sink->Close(); !status.ok()) return status;
    return (*file)->Commit();
  }

  static std::string ReadAll(io::ByteSource& source) {
    std::string all;
    char buffer[7];
    while (true) {
      const auto n = source.Read(buffer, sizeof buffer);
      EXPECT_TRUE(n.ok()) << n.status();
      if (!n.ok() || *n == 0) return all;
      all.append(buffer, *n);
    }
  }

  std::string Get(const std::string& name) {
    const auto source = store_->Read(name);
    return source.ok() ? ReadAll(**source) : std::string(source.status().message());
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const FileInfo& file : store_->List("", 1000).files) names.push_back(file.name);
    return names;
  }
};

TEST_F(StoreTest, WhatIsPutIsThereAlsoAfterARestart) {
  const auto put = Put("a.warts", "hello");
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->name, "a.warts");
  EXPECT_EQ(put->size, 5u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Get("a.warts"), "hello");
    const Store::Page page = store_->List("", 10);
    ASSERT_EQ(page.files.size(), 1u);
    EXPECT_EQ(page.files[0].size, 5u);
    EXPECT_EQ(page.files[0].modified, put->modified);
    EXPECT_EQ(page.total_size, 5u);
    Open();
  }
}

TEST_F(StoreTest, FileIsNotSeenBeforeItsCommit) {
  auto file = store_->Create("a", false);
  ASSERT_TRUE(file.ok());
  const auto sink = (*file)->Sink();
  ASSERT_TRUE(sink->Write("hello").ok());
  ASSERT_TRUE(sink->Close().ok());
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_EQ(store_->Read("a").status().code(), StatusCode::kNotFound);
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Get("a"), "hello");
}

TEST_F(StoreTest, FileThatIsNotCommittedLeavesNothing) {
  {
    auto file = store_->Create("a", false);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Sink()->Write("hello").ok());
    EXPECT_EQ(OnDisk().size(), 1u);
  }
  EXPECT_THAT(OnDisk(), IsEmpty());
}

TEST_F(StoreTest, WhatACrashLeftIsRemovedAndOnlyFilesOfGoodNamesAreTaken) {
  ASSERT_TRUE(Put("good", "1").ok());
  store_.reset();
  std::ofstream(folder_ / ".upload-1-1") << "left";
  std::ofstream(folder_ / ".hidden") << "kept";
  std::ofstream(folder_ / "bad name") << "kept";
  fs::create_directory(folder_ / "folder");
  fs::create_symlink("/etc/passwd", folder_ / "link");
  Open();
  EXPECT_THAT(Names(), ElementsAre("good"));
  EXPECT_THAT(OnDisk(), UnorderedElementsAre("good", ".hidden", "bad name", "folder", "link"));
  EXPECT_EQ(store_->List("", 1).total_size, 1u);
  for (const char* name : {"link", "folder", "absent"})
    EXPECT_EQ(store_->Read(name).status().code(), StatusCode::kNotFound) << name;
}

TEST_F(StoreTest, NamesAreCheckedEverywhere) {
  for (const char* name : {"../a", "/etc/passwd", ".upload-1-1", ""}) {
    EXPECT_EQ(store_->Create(name, true).status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(store_->Read(name).status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(store_->Delete(name).code(), StatusCode::kInvalidArgument);
  }
}

TEST_F(StoreTest, FileIsReplacedOnlyWhenAsked) {
  ASSERT_TRUE(Put("a", "old").ok());
  EXPECT_EQ(Put("a", "new").status().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(Get("a"), "old");
  const auto before = store_->Read("a");
  ASSERT_TRUE(Put("a", "newer", true).ok());
  EXPECT_EQ(Get("a"), "newer");
  EXPECT_EQ(ReadAll(**before), "old");
  EXPECT_EQ(store_->List("", 1).total_size, 5u);
}

TEST_F(StoreTest, OfTwoUploadsOfOneNameTheFirstCommittedStays) {
  auto first = store_->Create("a", false);
  auto second = store_->Create("a", false);
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE((*second)->Sink()->Write("second").ok());
  ASSERT_TRUE((*second)->Commit().ok());
  EXPECT_EQ((*first)->Commit().status().code(), StatusCode::kAlreadyExists);
  first->reset();
  EXPECT_EQ(Get("a"), "second");
  EXPECT_THAT(OnDisk(), ElementsAre("a"));
}

TEST_F(StoreTest, DeletedFileIsGoneAndCanStillBeReadByWhoHasIt) {
  ASSERT_TRUE(Put("a", "hello").ok());
  const auto open = store_->Read("a");
  ASSERT_TRUE(store_->Delete("a").ok());
  EXPECT_EQ(store_->Delete("a").code(), StatusCode::kNotFound);
  EXPECT_THAT(OnDisk(), IsEmpty());
  EXPECT_EQ(ReadAll(**open), "hello");
}

TEST_F(StoreTest, QuotaCountsFilesAndThoseBeingWritten) {
  Open(10);
  ASSERT_TRUE(Put("a", "1234").ok());
  auto writing = store_->Create("b", false);
  ASSERT_TRUE(writing.ok());
  ASSERT_TRUE((*writing)->Sink()->Write("1234").ok());
  EXPECT_EQ(Put("c", "123").status().code(), StatusCode::kResourceExhausted);
  ASSERT_TRUE(Put("c", "12").ok());
  EXPECT_EQ(Put("d", "1").status().code(), StatusCode::kResourceExhausted);
  writing->reset();
  ASSERT_TRUE(Put("d", "1234").ok());
  EXPECT_THAT(Names(), ElementsAre("a", "c", "d"));
}

TEST_F(StoreTest, QuotaIsFreedByDeletingAndReplacing) {
  Open(10);
  ASSERT_TRUE(Put("a", "12345").ok());
  ASSERT_TRUE(Put("a", "123", true).ok());
  ASSERT_TRUE(Put("b", "1234567").ok());
  ASSERT_TRUE(store_->Delete("b").ok());
  ASSERT_TRUE(Put("c", "1234567").ok());
  EXPECT_EQ(store_->List("", 1).total_size, 10u);
}

TEST_F(StoreTest, QuotaBelowWhatIsThereRefusesUntilEnoughIsDeleted) {
  ASSERT_TRUE(Put("a", "12345").ok());
  ASSERT_TRUE(Put("b", "12345").ok());
  Open(6);
  EXPECT_EQ(Put("c", "1").status().code(), StatusCode::kResourceExhausted);
  ASSERT_TRUE(store_->Delete("a").ok());
  EXPECT_TRUE(Put("c", "1").ok());
}

TEST_F(StoreTest, PagesAreInTheOrderOfNamesAndMissNothing) {
  for (const char* name : {"d", "b", "e", "a", "c"}) ASSERT_TRUE(Put(name, "1").ok());
  Store::Page page = store_->List("", 2);
  EXPECT_EQ(page.files[0].name, "a");
  EXPECT_EQ(page.files[1].name, "b");
  EXPECT_TRUE(page.more);
  ASSERT_TRUE(store_->Delete("b").ok());
  page = store_->List("b", 3);
  ASSERT_EQ(page.files.size(), 3u);
  EXPECT_EQ(page.files[0].name, "c");
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.total_size, 4u);
}

TEST_F(StoreTest, FolderIsOfOneStoreOnly) {
  EXPECT_EQ(Store::Open(folder_, 0).status().code(), StatusCode::kFailedPrecondition);
  store_.reset();
  EXPECT_TRUE(Store::Open(folder_, 0).ok());
}

TEST_F(StoreTest, FolderThatCannotBeIsNamed) {
  const auto status = Store::Open(root_ / "absent" / "data", 0).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("absent/data"));
}

}  // namespace
}  // namespace scamper::store
