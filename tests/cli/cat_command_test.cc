// SPDX-License-Identifier: Apache-2.0
#include "client/cli/cat_command.h"

#include <fcntl.h>
#include <signal.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_files.h"
#include "tests/cli/files_testing.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;

TEST(CatCommandTest, FilesAreShownOneAfterTheOtherWithoutAServer) {
  const Folder folder;
  const std::string zipped = folder.Put("z", Gzipped(Recording("trace.warts")));
  const Ran ran = RunCli("unix:/nonexistent/s", {"cat", RecordingPath("ping.warts"), zipped, "-"},
                         true, Recording("host.warts"));
  EXPECT_EQ(ran.code, kSuccess);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, Recording("ping.txt") + Recording("trace.txt") + Recording("host.txt"));
}

TEST(CatCommandTest, WithJsonItIsJson) {
  const Ran ran = RunCli("", {"cat", "--json", RecordingPath("ping.warts")});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out.substr(0, 1), "{");
}

TEST(CatCommandTest, ABadFileDoesNotKeepTheOthers) {
  const Folder folder;
  const Ran ran = RunCli(
      "", {"cat", folder.Path("none"), folder.Put("text", "hello"), RecordingPath("ping.warts")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_EQ(ran.out, Recording("ping.txt"));
  EXPECT_THAT(ran.err, HasSubstr("/none: No such file"));
  EXPECT_THAT(ran.err, HasSubstr("/text: the input is of no known kind"));
}

TEST(CatCommandTest, AFileOfTheStoreIsFetched) {
  FakeFiles server;
  server.stored["a"] = Recording("ping.warts");
  const Ran ran = RunCli(server.address(), {"cat", "store:a"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, Recording("ping.txt"));
}

TEST(CatCommandTest, AnErrorOfTheStoreIsTheServers) {
  FakeFiles server;
  server.stored["a"] = Recording("ping.warts");
  const Ran none = RunCli(server.address(), {"cat", "store:b", "store:a"});
  EXPECT_EQ(none.code, kRpcFailed);
  EXPECT_EQ(none.err, "scamper-grpc: store:b: byte 0, record 0: no file 'b'\n");
  EXPECT_EQ(none.out, Recording("ping.txt"));
  const Ran unreachable = RunCli("unix:/nonexistent/s", {"cat", "store:a"});
  EXPECT_EQ(unreachable.code, kRpcFailed);
  EXPECT_THAT(unreachable.err, HasSubstr("cannot reach scamper-grpc-server"));
}

TEST(CatCommandTest, TheFileThatStandardOutputIsIsRefused) {
  const Folder folder;
  const std::string path = folder.Put("a.warts", Recording("ping.warts"));
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code =
      RunProgram({"cat", path}, "", Console{in, out, err, false, STDIN_FILENO, fd}, nullptr);
  close(fd);
  EXPECT_EQ(code, kTaskFailed);
  EXPECT_EQ(err.str(), "scamper-grpc: " + path + " is standard output as well\n");
  EXPECT_EQ(Contents(path), Recording("ping.warts"));
}

TEST(CatCommandTest, APipeThatNobodyReadsEndsItSilently) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code = RunProgram({"cat", RecordingPath("ping.warts"), "/nonexistent/file"}, "",
                              Console{in, out, err, false, STDIN_FILENO, ends[1]}, nullptr);
  close(ends[1]);
  EXPECT_EQ(code, kSignal + SIGPIPE);
  EXPECT_EQ(err.str(), "");
}

}  // namespace
}  // namespace scamper::cli
