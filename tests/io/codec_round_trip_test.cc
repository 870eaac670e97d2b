// SPDX-License-Identifier: Apache-2.0
// What every compressor writes is read back, by us and by the tool of its kind.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/io/callback_io.h"
#include "server/io/fd_io.h"
#include "server/io/string_io.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

class CodecRoundTrip : public ::testing::TestWithParam<Codec> {
 protected:
  void ExpectWhole(const Outcome& outcome, const std::string& bytes) {
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.bytes.size(), bytes.size());
    EXPECT_TRUE(outcome.bytes == bytes);
  }

  // A file that is gone with the test.
  std::string TemporaryFile() {
    std::string path = absl::StrCat(::testing::TempDir(), "/io_test_", GetParam().name, "_XXXXXX");
    close(mkstemp(path.data()));
    files_.push_back(path);
    return path;
  }

  void TearDown() override {
    for (const std::string& file : files_) std::remove(file.c_str());
  }

  void WriteFile(const std::string& path, absl::string_view bytes) {
    auto sink = FdSink::Create(path);
    ASSERT_TRUE(sink.ok()) << sink.status();
    ASSERT_TRUE((*sink)->Write(bytes).ok());
    ASSERT_TRUE((*sink)->Close().ok());
  }

  std::string ReadFile(const std::string& path) {
    auto source = FdSource::Open(path);
    if (!source.ok()) return source.status().ToString();
    return ReadAll(source->get()).bytes;
  }

  // Whether the tool turned `in` into `out`.
  bool RunTool(const std::string& options, const std::string& in, const std::string& out) {
    std::string command = absl::StrCat(GetParam().tool, " ", options, " <", in, " >", out);
    return std::system(command.c_str()) == 0;
  }

  std::vector<std::string> files_;
};

INSTANTIATE_TEST_SUITE_P(All, CodecRoundTrip, ::testing::ValuesIn(AllCodecs()), CodecName);

TEST_P(CodecRoundTrip, SizesAroundTheBuffer) {
  for (size_t size : {0, 1, 2, 65535, 65536, 65537, 131072}) {
    SCOPED_TRACE(size);
    std::string bytes = MixedBytes(size, 3);
    ExpectWhole(Decompressed(GetParam(), Compressed(GetParam(), bytes)), bytes);
  }
}

TEST_P(CodecRoundTrip, NothingWrittenIsAWholeEmptyStream) {
  std::string stream = Compressed(GetParam(), "");
  EXPECT_GT(stream.size(), 0u);
  ExpectWhole(Decompressed(GetParam(), stream), "");
}

TEST_P(CodecRoundTrip, LargeInputInManyWrites) {
  const std::string bytes = MixedBytes(10'000'000, 4);
  std::string out;
  std::unique_ptr<ByteSink> sink = GetParam().sink(std::make_unique<StringSink>(&out));
  for (size_t at = 0, n = 1; at < bytes.size(); at += n, n = n * 3 % 100'003) {
    ASSERT_TRUE(sink->Write(absl::string_view(bytes).substr(at, n)).ok());
  }
  ASSERT_TRUE(sink->Close().ok());
  EXPECT_LT(out.size(), bytes.size());
  ExpectWhole(Decompressed(GetParam(), out, 1 << 16), bytes);
  ExpectWhole(Decompressed(GetParam(), out, 777), bytes);
}

TEST_P(CodecRoundTrip, LongRunsOfOneByte) {
  const std::string bytes = std::string(10'000'000, 'a');
  ExpectWhole(Decompressed(GetParam(), Compressed(GetParam(), bytes), 1 << 16), bytes);
}

TEST_P(CodecRoundTrip, OneByteReadsOfAOneByteInput) {
  const std::string bytes = MixedBytes(100'000, 5);
  ExpectWhole(ReadAll(GetParam().source(SlowSource(Compressed(GetParam(), bytes))).get(), 1),
              bytes);
}

TEST_P(CodecRoundTrip, ChunksAndReadsOfAnySize) {
  const std::string bytes = MixedBytes(300'000, 14) + std::string(200'000, 'a');
  const std::string file = Compressed(GetParam(), bytes) + Compressed(GetParam(), bytes);
  for (unsigned seed = 1; seed <= 20; seed++) {
    SCOPED_TRACE(seed);
    std::minstd_rand random(seed);
    size_t at = 0;
    std::unique_ptr<ByteSource> source = GetParam().source(
        std::make_unique<CallbackSource>([&]() -> absl::StatusOr<std::optional<std::string>> {
          if (at == file.size()) return std::nullopt;
          std::string chunk = file.substr(at, 1 + random() % (1 << (seed % 17)));
          at += chunk.size();
          return chunk;
        }));
    ExpectWhole(ReadAll(source.get(), 1 + random() % (1 << (20 - seed % 20))), bytes + bytes);
  }
}

TEST_P(CodecRoundTrip, SeveralStreamsAreReadAsOne) {
  const std::string a = MixedBytes(100'000, 6), b = MixedBytes(5, 7), c = MixedBytes(70'000, 8);
  const std::string empty = Compressed(GetParam(), "");
  const std::string file =
      absl::StrCat(empty, Compressed(GetParam(), a), empty, empty, Compressed(GetParam(), b),
                   Compressed(GetParam(), c), empty);
  ExpectWhole(Decompressed(GetParam(), file), a + b + c);
  ExpectWhole(ReadAll(GetParam().source(SlowSource(file)).get()), a + b + c);
}

TEST_P(CodecRoundTrip, ZeroPaddingBehindAStreamIsSkipped) {
  const std::string bytes = MixedBytes(1000, 9);
  const std::string stream = Compressed(GetParam(), bytes);
  for (size_t zeros : {4, 8, 512, 65536, 200'000}) {
    SCOPED_TRACE(zeros);
    const std::string padding(zeros, '\0');
    ExpectWhole(Decompressed(GetParam(), stream + padding), bytes);
    ExpectWhole(Decompressed(GetParam(), stream + padding + stream + padding), bytes + bytes);
  }
}

TEST_P(CodecRoundTrip, OutputIsReadByTheTool) {
  const std::string bytes = MixedBytes(1'500'000, 10);
  const std::string compressed = TemporaryFile(), plain = TemporaryFile();
  WriteFile(compressed, Compressed(GetParam(), bytes));
  ASSERT_TRUE(RunTool("-dc", compressed, plain));
  EXPECT_TRUE(ReadFile(plain) == bytes);
  WriteFile(compressed, Compressed(GetParam(), ""));
  ASSERT_TRUE(RunTool("-dc", compressed, plain));
  EXPECT_EQ(ReadFile(plain), "");
}

TEST_P(CodecRoundTrip, OutputOfTheToolIsRead) {
  const std::string bytes = MixedBytes(1'500'000, 11);
  const std::string compressed = TemporaryFile(), plain = TemporaryFile();
  WriteFile(plain, bytes);
  for (const char* level : {"-1c", "-6c", "-9c"}) {
    SCOPED_TRACE(level);
    ASSERT_TRUE(RunTool(level, plain, compressed));
    ExpectWhole(Decompressed(GetParam(), ReadFile(compressed)), bytes);
  }
}

TEST_P(CodecRoundTrip, SinkDestroyedBeforeCloseLeavesATruncatedStream) {
  const std::string bytes = MixedBytes(2'000'000, 12);
  std::string out;
  {
    std::unique_ptr<ByteSink> sink = GetParam().sink(std::make_unique<StringSink>(&out));
    ASSERT_TRUE(sink->Write(bytes).ok());
  }
  Outcome outcome = Decompressed(GetParam(), out);
  EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
  EXPECT_TRUE(bytes.compare(0, outcome.bytes.size(), outcome.bytes) == 0);
}

TEST_P(CodecRoundTrip, ErrorOfTheSinkBelowIsFinal) {
  int calls = 0;
  std::unique_ptr<ByteSink> sink =
      GetParam().sink(std::make_unique<CallbackSink>([&calls](absl::string_view) {
        calls++;
        return absl::ResourceExhaustedError("disk full");
      }));
  const std::string bytes = MixedBytes(4'000'000, 13);
  EXPECT_EQ(sink->Write(bytes), absl::ResourceExhaustedError("disk full"));
  EXPECT_EQ(sink->Write(bytes), absl::ResourceExhaustedError("disk full"));
  EXPECT_EQ(sink->Close(), absl::ResourceExhaustedError("disk full"));
  EXPECT_EQ(calls, 1);
}

TEST_P(CodecRoundTrip, ErrorOfTheSinkBelowShowsAtCloseOfALittleInput) {
  std::unique_ptr<ByteSink> sink = GetParam().sink(std::make_unique<CallbackSink>(
      [](absl::string_view) { return absl::ResourceExhaustedError("disk full"); }));
  EXPECT_TRUE(sink->Write("a").ok());
  EXPECT_EQ(sink->Close(), absl::ResourceExhaustedError("disk full"));
}

TEST_P(CodecRoundTrip, CloseClosesTheSinkBelowOnceAndNothingFollows) {
  int finished = 0;
  std::unique_ptr<ByteSink> sink = GetParam().sink(
      std::make_unique<CallbackSink>([](absl::string_view) { return absl::OkStatus(); },
                                     [&finished] {
                                       finished++;
                                       return absl::OkStatus();
                                     }));
  EXPECT_TRUE(sink->Close().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(sink->Close()));
  EXPECT_TRUE(absl::IsFailedPrecondition(sink->Write("a")));
  EXPECT_EQ(finished, 1);
}

}  // namespace
}  // namespace scamper::io
