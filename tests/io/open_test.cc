// SPDX-License-Identifier: Apache-2.0
#include "server/io/open.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/io/string_io.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

const Compression kAll[] = {Compression::kNone, Compression::kGzip, Compression::kBzip2,
                            Compression::kXz};

std::string CompressedAs(Compression compression, const std::string& bytes) {
  std::string out;
  std::unique_ptr<ByteSink> sink = Compress(compression, std::make_unique<StringSink>(&out));
  EXPECT_TRUE(sink->Write(bytes).ok());
  EXPECT_TRUE(sink->Close().ok());
  return out;
}

absl::StatusOr<DetectedSource> Detect(std::string bytes) {
  return DetectSource(std::make_unique<StringSource>(std::move(bytes)));
}

TEST(DetectSource, FindsCompressionAndContentAndDeliversAllBytes) {
  for (Compression compression : kAll) {
    for (auto [first, content] :
         {std::pair("\x12\x05", Content::kWarts), std::pair("\xdf\xb0", Content::kArts),
          std::pair("{}", Content::kOther)}) {
      SCOPED_TRACE(std::string(SuffixOf(compression)) + " " + first);
      const std::string bytes = first + MixedBytes(1000, 1);
      const std::string file = CompressedAs(compression, bytes);
      for (bool slow : {false, true}) {
        auto detected = slow ? DetectSource(SlowSource(file)) : Detect(file);
        ASSERT_TRUE(detected.ok()) << detected.status();
        EXPECT_EQ(detected->compression, compression);
        EXPECT_EQ(detected->content, content);
        Outcome outcome = ReadAll(detected->source.get(), slow ? 1 : 100);
        EXPECT_TRUE(outcome.status.ok()) << outcome.status;
        EXPECT_EQ(outcome.bytes, bytes);
      }
    }
  }
}

TEST(DetectSource, EmptyContentIsEmptyWhateverTheCompression) {
  for (Compression compression : kAll) {
    auto detected = Detect(CompressedAs(compression, ""));
    ASSERT_TRUE(detected.ok()) << detected.status();
    EXPECT_EQ(detected->compression, compression);
    EXPECT_EQ(detected->content, Content::kEmpty);
    Outcome outcome = ReadAll(detected->source.get());
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.bytes, "");
  }
}

TEST(DetectSource, InputShorterThanTheLongestMagicIsDelivered) {
  auto detected = Detect("\x12\x05");
  ASSERT_TRUE(detected.ok()) << detected.status();
  EXPECT_EQ(detected->content, Content::kWarts);
  EXPECT_EQ(ReadAll(detected->source.get()).bytes, "\x12\x05");
  detected = Detect("\x12");
  ASSERT_TRUE(detected.ok()) << detected.status();
  EXPECT_EQ(detected->content, Content::kOther);
  EXPECT_EQ(ReadAll(detected->source.get()).bytes, "\x12");
}

TEST(DetectSource, CompressionCutOffBeforeTheContentIsDataLoss) {
  for (Compression compression : {Compression::kGzip, Compression::kBzip2, Compression::kXz}) {
    SCOPED_TRACE(std::string(SuffixOf(compression)));
    const std::string file = CompressedAs(compression, "\x12\x05" + MixedBytes(1000, 1));
    absl::Status status = Detect(file.substr(0, 8)).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  }
}

TEST(DetectSource, CompressionCutOffLaterIsFoundWhenReading) {
  for (Compression compression : {Compression::kGzip, Compression::kBzip2, Compression::kXz}) {
    SCOPED_TRACE(std::string(SuffixOf(compression)));
    const std::string bytes = "\x12\x05" + MixedBytes(1000, 1);
    const std::string file = CompressedAs(compression, bytes);
    auto detected = Detect(file.substr(0, file.size() - 1));
    ASSERT_TRUE(detected.ok()) << detected.status();
    Outcome outcome = ReadAll(detected->source.get());
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_EQ(outcome.bytes, bytes);
  }
}

TEST(DetectSource, ErrorOfTheInputBeforeTheKindIsKnownIsReturned) {
  for (const char* first : {"", "\x12", "other"}) {
    auto detected = DetectSource(FailingSource(first, absl::UnavailableError("gone")));
    EXPECT_EQ(detected.status(), absl::UnavailableError("gone"));
  }
}

TEST(DetectSource, ErrorOfTheInputAfterTheKindIsKnownIsFoundWhenReading) {
  for (const std::string first : {"\x12\x05", "\x12\x05 and some more"}) {
    auto detected = DetectSource(FailingSource(first, absl::UnavailableError("gone")));
    ASSERT_TRUE(detected.ok()) << detected.status();
    EXPECT_EQ(detected->content, Content::kWarts);
    Outcome outcome = ReadAll(detected->source.get());
    EXPECT_EQ(outcome.bytes, first);
    EXPECT_EQ(outcome.status, absl::UnavailableError("gone"));
  }
}

}  // namespace
}  // namespace scamper::io
