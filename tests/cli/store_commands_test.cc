// SPDX-License-Identifier: Apache-2.0
#include "client/cli/store_commands.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_files.h"
#include "tests/cli/files_testing.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(FilesCommandTest, AllPagesAreListed) {
  FakeFiles server;
  server.stored = {{"a", "1"}, {"bb", "22"}, {"c", "333"}};
  const Ran ran = RunCli(server.address(), {"files"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out,
            "NAME  SIZE  MODIFIED\n"
            "a     1     2023-11-14 22:13:20\n"
            "bb    2     2023-11-14 22:13:20\n"
            "c     3     2023-11-14 22:13:20\n"
            "3 files, 1.23 kB of at most 5.00 MB\n");
}

TEST(FilesCommandTest, JsonIsOneFileALine) {
  FakeFiles server;
  server.stored = {{"a", "1"}};
  const Ran ran = RunCli(server.address(), {"files", "--json"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, "{\"name\":\"a\",\"size\":\"1\",\"modified\":\"2023-11-14T22:13:20Z\"}\n");
}

TEST(FilesCommandTest, AServerWithoutAStoreIsSaid) {
  FakeFiles server;
  server.end = grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "the server keeps no store");
  const Ran ran = RunCli(server.address(), {"files"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "scamper-grpc: the server keeps no store\n");
}

TEST(PutCommandTest, AFileAndStandardInputArePut) {
  FakeFiles server;
  const Folder folder;
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(RunCli(server.address(), {"put", folder.Put("a.warts", large)}).code, kSuccess);
  EXPECT_EQ(RunCli(server.address(), {"put", "-", "b"}, false, "from a pipe").code, kSuccess);
  EXPECT_THAT(server.store(), ElementsAre(Pair("a.warts", large), Pair("b", "from a pipe")));
}

TEST(PutCommandTest, AFileIsReplacedOnlyOnRequest) {
  FakeFiles server;
  server.stored = {{"a", "old"}};
  const Ran refused = RunCli(server.address(), {"put", "-", "a"}, false, "new");
  EXPECT_EQ(refused.code, kRpcFailed);
  EXPECT_EQ(refused.err, "scamper-grpc: is there already\n");
  EXPECT_EQ(RunCli(server.address(), {"put", "--overwrite", "-", "a"}, false, "new").code,
            kSuccess);
  EXPECT_THAT(server.store(), ElementsAre(Pair("a", "new")));
}

TEST(PutCommandTest, AFileThatIsNotThereIsNamed) {
  FakeFiles server;
  const Ran ran = RunCli(server.address(), {"put", "/nonexistent/a"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot open /nonexistent/a"));
  EXPECT_THAT(server.store(), IsEmpty());
}

TEST(GetCommandTest, AFileIsFetchedWhole) {
  FakeFiles server;
  server.stored = {{"a", "the contents of the file"}};
  const Folder folder;
  const Ran ran = RunCli(server.address(), {"get", "a", folder.Path("b")});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(Contents(folder.Path("b")), "the contents of the file");
  EXPECT_EQ(RunCli(server.address(), {"get", "store:a", "-"}).out, "the contents of the file");
}

TEST(GetCommandTest, AnErrorLeavesNoFile) {
  FakeFiles server;
  server.stored = {{"a", "the contents of the file"}};
  server.end = grpc::Status(grpc::StatusCode::UNAVAILABLE, "shutting down");
  const Folder folder;
  const std::string old = folder.Put("old", "old");
  const Ran ran = RunCli(server.address(), {"get", "a", old});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: shutting down\n");
  EXPECT_EQ(Contents(old), "old");
  EXPECT_THAT(folder.Names(), ElementsAre("old"));
}

TEST(RemoveCommandTest, WhatIsThereIsRemoved) {
  FakeFiles server;
  server.stored = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const Ran ran = RunCli(server.address(), {"rm", "a", "none", "store:b"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: no file 'none'\n");
  EXPECT_THAT(server.store(), ElementsAre(Pair("c", "3")));
}

}  // namespace
}  // namespace scamper::cli
