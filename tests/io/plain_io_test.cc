// SPDX-License-Identifier: Apache-2.0
// Strings, callbacks and file descriptors.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/io/callback_io.h"
#include "server/io/damage.h"
#include "server/io/fd_io.h"
#include "server/io/string_io.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ErrorAt, NamesTheOffsetInTextAndAsANumber) {
  absl::Status status = ErrorAt(absl::StatusCode::kDataLoss, "bad thing", 5'000'000'000);
  EXPECT_EQ(status.message(), "bad thing at byte 5000000000");
  EXPECT_EQ(OffsetOf(status), 5'000'000'000u);
  EXPECT_EQ(OffsetOf(absl::DataLossError("bad thing at byte 5")), std::nullopt);
}

TEST(StringSource, DeliversInAnyStepAndEndsForGood) {
  for (size_t step : {1, 2, 3, 100}) {
    StringSource source("abcde");
    EXPECT_EQ(ReadAll(&source, step).bytes, "abcde");
    EXPECT_EQ(ReadAll(&source, step).bytes, "");
  }
}

TEST(StringSink, AppendsUntilClosed) {
  std::string out = "a";
  StringSink sink(&out);
  EXPECT_TRUE(sink.Write("b").ok());
  EXPECT_TRUE(sink.Close().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(sink.Write("c")));
  EXPECT_TRUE(absl::IsFailedPrecondition(sink.Close()));
  EXPECT_EQ(out, "ab");
}

TEST(CallbackSource, JoinsChunksAndSkipsEmptyOnes) {
  for (size_t step : {1, 2, 100}) {
    std::vector<std::optional<std::string>> chunks = {"ab", "", "c", "", "", "def", std::nullopt};
    size_t next = 0;
    CallbackSource source([&] { return chunks.at(next++); });
    Outcome outcome = ReadAll(&source, step);
    EXPECT_TRUE(outcome.status.ok());
    EXPECT_EQ(outcome.bytes, "abcdef");
    EXPECT_EQ(ReadAll(&source, step).bytes, "");
    EXPECT_EQ(next, chunks.size());
  }
}

TEST(CallbackSource, ErrorComesAfterTheChunksAndIsFinal) {
  int calls = 0;
  CallbackSource source([&]() -> absl::StatusOr<std::optional<std::string>> {
    if (++calls == 1) return "ab";
    return absl::CancelledError("gone");
  });
  Outcome outcome = ReadAll(&source, 1);
  EXPECT_EQ(outcome.bytes, "ab");
  EXPECT_EQ(outcome.status, absl::CancelledError("gone"));
  EXPECT_EQ(ReadAll(&source).status, absl::CancelledError("gone"));
  EXPECT_EQ(calls, 2);
}

TEST(CallbackSink, HandsOnEachWriteThatIsNotEmptyAndOneFinish) {
  std::vector<std::string> chunks;
  CallbackSink sink(
      [&](absl::string_view chunk) {
        chunks.emplace_back(chunk);
        return absl::OkStatus();
      },
      [&] {
        chunks.push_back("finish");
        return absl::OkStatus();
      });
  EXPECT_TRUE(sink.Write("ab").ok());
  EXPECT_TRUE(sink.Write("").ok());
  EXPECT_TRUE(sink.Write("c").ok());
  EXPECT_TRUE(sink.Close().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(sink.Write("d")));
  EXPECT_TRUE(absl::IsFailedPrecondition(sink.Close()));
  EXPECT_THAT(chunks, ElementsAre("ab", "c", "finish"));
}

TEST(CallbackSink, RefusedChunkIsFinalAndNotFinished) {
  int calls = 0;
  CallbackSink sink(
      [&](absl::string_view) {
        calls++;
        return absl::AbortedError("no");
      },
      [&] {
        calls++;
        return absl::OkStatus();
      });
  EXPECT_EQ(sink.Write("a"), absl::AbortedError("no"));
  EXPECT_EQ(sink.Write("b"), absl::AbortedError("no"));
  EXPECT_EQ(sink.Close(), absl::AbortedError("no"));
  EXPECT_EQ(calls, 1);
}

class FdTest : public ::testing::Test {
 protected:
  FdTest() : path_(absl::StrCat(::testing::TempDir(), "/io_test_XXXXXX")) {
    close(mkstemp(path_.data()));
  }
  ~FdTest() override { unlink(path_.c_str()); }

  std::string path_;
};

TEST_F(FdTest, FileIsWrittenAndReadBack) {
  const std::string bytes = MixedBytes(300'000, 1);
  auto sink = FdSink::Create(path_);
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE((*sink)->Write(absl::string_view(bytes).substr(0, 7)).ok());
  ASSERT_TRUE((*sink)->Write(absl::string_view(bytes).substr(7)).ok());
  ASSERT_TRUE((*sink)->Close().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition((*sink)->Write("x")));
  EXPECT_TRUE(absl::IsFailedPrecondition((*sink)->Close()));
  auto source = FdSource::Open(path_);
  ASSERT_TRUE(source.ok()) << source.status();
  Outcome outcome = ReadAll(source->get());
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.bytes, bytes);
}

TEST_F(FdTest, CreateEmptiesAFileThatIsThere) {
  ASSERT_TRUE(FdSink::Create(path_).value()->Write("old and long").ok());
  ASSERT_TRUE(FdSink::Create(path_).value()->Write("new").ok());
  EXPECT_EQ(ReadAll(FdSource::Open(path_).value().get()).bytes, "new");
}

TEST_F(FdTest, DescriptorIsClosedOnlyWhereOwned) {
  for (FdOwnership ownership : {FdOwnership::kOwn, FdOwnership::kBorrow}) {
    bool open_after = ownership == FdOwnership::kBorrow;
    int fd = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    { FdSource source(fd, ownership, path_); }
    EXPECT_EQ(fcntl(fd, F_GETFD) >= 0, open_after);
    if (!open_after) fd = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    { FdSink sink(fd, ownership, path_); }
    EXPECT_EQ(fcntl(fd, F_GETFD) >= 0, open_after);
    if (!open_after) fd = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    EXPECT_TRUE(FdSink(fd, ownership, path_).Close().ok());
    EXPECT_EQ(fcntl(fd, F_GETFD) >= 0, open_after);
    if (open_after) close(fd);
  }
}

TEST_F(FdTest, MissingFileIsNotFoundAndNamed) {
  auto source = FdSource::Open(path_ + ".missing");
  EXPECT_TRUE(absl::IsNotFound(source.status())) << source.status();
  EXPECT_THAT(std::string(source.status().message()), HasSubstr(path_ + ".missing"));
  auto sink = FdSink::Create(path_ + ".missing/file");
  EXPECT_FALSE(sink.ok());
  EXPECT_THAT(std::string(sink.status().message()), HasSubstr(path_ + ".missing/file"));
}

TEST_F(FdTest, ReadErrorNamesFileAndOffsetAndIsFinal) {
  FdSource source(open(::testing::TempDir().c_str(), O_RDONLY | O_CLOEXEC), FdOwnership::kOwn,
                  "the-directory");
  absl::Status status = ReadAll(&source).status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("the-directory"));
  EXPECT_EQ(OffsetOf(status), 0u);
  EXPECT_EQ(ReadAll(&source).status, status);
}

TEST_F(FdTest, FullDeviceIsAnErrorThatIsFinal) {
  auto sink = FdSink::Create("/dev/full");
  ASSERT_TRUE(sink.ok()) << sink.status();
  absl::Status status = (*sink)->Write("a");
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ((*sink)->Write("b"), status);
  EXPECT_EQ((*sink)->Close(), status);
}

// Each end waits for the other: the pipe is smaller than what passes.
TEST(FdPipe, NonBlockingEndsWaitForEachOther) {
  const std::string bytes = MixedBytes(1'000'000, 2);
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
  absl::Status written, closed;
  std::thread writer([&] {
    FdSink sink(fds[1], FdOwnership::kOwn, "pipe");
    written = sink.Write(bytes);
    closed = sink.Close();
  });
  FdSource source(fds[0], FdOwnership::kOwn, "pipe");
  Outcome outcome = ReadAll(&source, 1000);
  writer.join();
  EXPECT_TRUE(written.ok()) << written;
  EXPECT_TRUE(closed.ok()) << closed;
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_TRUE(outcome.bytes == bytes);
}

TEST(FdPipe, PipeWithoutAReaderIsAnErrorThatSaysSo) {
  auto* before = std::signal(SIGPIPE, SIG_IGN);
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  close(fds[0]);
  FdSink sink(fds[1], FdOwnership::kOwn, "pipe");
  absl::Status status = sink.Write("a");
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("Broken pipe"));
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace scamper::io
