// SPDX-License-Identifier: Apache-2.0
// What every decompressor makes of damaged input.
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/io/damage.h"
#include "server/io/string_io.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

using ::testing::HasSubstr;

class CodecDamage : public ::testing::TestWithParam<Codec> {
 protected:
  void ExpectDamage(const Outcome& outcome, absl::string_view what, uint64_t offset) {
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_THAT(std::string(outcome.status.message()), HasSubstr(std::string(what)));
    EXPECT_EQ(OffsetOf(outcome.status), offset);
    EXPECT_THAT(std::string(outcome.status.message()), HasSubstr(absl::StrCat("at byte ", offset)));
  }

  const std::string first_ = MixedBytes(3000, 1);
  const std::string second_ = MixedBytes(700, 2);
  const std::string first_stream_ = Compressed(GetParam(), first_);
  const std::string second_stream_ = Compressed(GetParam(), second_);
};

INSTANTIATE_TEST_SUITE_P(All, CodecDamage, ::testing::ValuesIn(AllCodecs()), CodecName);

TEST_P(CodecDamage, TruncatedAtAnyByteDeliversAllBeforeTheCut) {
  const std::string file = first_stream_ + second_stream_;
  for (size_t cut = 0; cut < file.size(); cut++) {
    SCOPED_TRACE(cut);
    Outcome outcome = Decompressed(GetParam(), file.substr(0, cut));
    if (cut < first_stream_.size()) {
      EXPECT_EQ(outcome.bytes, GetParam().library(file.substr(0, cut)));
    } else {
      EXPECT_EQ(outcome.bytes, first_ + GetParam().library(absl::string_view(file).substr(
                                            first_stream_.size(), cut - first_stream_.size())));
    }
    if (cut == first_stream_.size()) {
      EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    } else {
      ExpectDamage(outcome, cut == 0 ? "no compressed data" : "truncated", cut);
    }
  }
}

TEST_P(CodecDamage, TruncatedAtAnyByteOfASlowInputDeliversAllBeforeTheCut) {
  for (size_t cut = 1; cut < second_stream_.size(); cut++) {
    SCOPED_TRACE(cut);
    Outcome outcome =
        ReadAll(GetParam().source(SlowSource(second_stream_.substr(0, cut))).get(), 1);
    EXPECT_EQ(outcome.bytes, GetParam().library(second_stream_.substr(0, cut)));
    ExpectDamage(outcome, "truncated", cut);
  }
}

TEST_P(CodecDamage, FlippedByteIsAnErrorOrChangesNothing) {
  const std::string file = second_stream_ + first_stream_;
  for (size_t i = 0; i < file.size(); i++) {
    for (int flip : {0x01, 0x04, 0x80, 0xff}) {
      SCOPED_TRACE(absl::StrCat("byte ", i, " flip ", flip));
      std::string damaged = file;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      Outcome outcome = Decompressed(GetParam(), damaged);
      if (outcome.status.ok()) {
        EXPECT_EQ(outcome.bytes, second_ + first_);
      } else {
        EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
        EXPECT_LE(OffsetOf(outcome.status).value(), file.size());
      }
      if (i >= second_stream_.size()) {
        EXPECT_EQ(outcome.bytes.substr(0, second_.size()), second_);
      }
    }
  }
}

TEST_P(CodecDamage, FlippedByteOfASlowInputIsFoundAsWell) {
  for (size_t i = 0; i < second_stream_.size(); i++) {
    SCOPED_TRACE(i);
    std::string damaged = second_stream_;
    damaged[i] = static_cast<char>(~damaged[i]);
    Outcome outcome = ReadAll(GetParam().source(SlowSource(damaged)).get(), 1);
    if (outcome.status.ok()) {
      EXPECT_EQ(outcome.bytes, second_);
    } else {
      EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    }
  }
}

TEST_P(CodecDamage, EmptyInputIsAnError) {
  ExpectDamage(Decompressed(GetParam(), ""), "no compressed data", 0);
}

TEST_P(CodecDamage, InputOfAnotherKindIsAnErrorAtItsStart) {
  ExpectDamage(Decompressed(GetParam(), "\x12\x05 and more"), "not in this format", 0);
  ExpectDamage(Decompressed(GetParam(), std::string(512, '\0')), "not in this format", 0);
}

TEST_P(CodecDamage, GarbageBehindTheStreamIsAnErrorAtItsFirstByte) {
  for (const std::string garbage : {"x", "garbage of some length", "\x01"}) {
    Outcome outcome = Decompressed(GetParam(), first_stream_ + garbage);
    EXPECT_EQ(outcome.bytes, first_);
    ExpectDamage(outcome, "garbage after the end", first_stream_.size());
  }
}

TEST_P(CodecDamage, GarbageThatBeginsLikeAStreamIsAnErrorAtItsFirstByte) {
  Outcome outcome = Decompressed(GetParam(), first_stream_ + first_stream_[0] + "garbage");
  EXPECT_EQ(outcome.bytes, first_);
  ExpectDamage(outcome, "garbage after the end", first_stream_.size());
}

TEST_P(CodecDamage, GarbageBehindPaddingIsAnErrorAtItsFirstByte) {
  Outcome outcome = Decompressed(GetParam(), first_stream_ + std::string(8, '\0') + "x");
  EXPECT_EQ(outcome.bytes, first_);
  ExpectDamage(outcome, "garbage after the end", first_stream_.size() + 8);
}

TEST_P(CodecDamage, ErrorOfTheInputComesAfterAllThatWasDecompressed) {
  size_t half = first_stream_.size() / 2;
  for (size_t size : {size_t{0}, size_t{1}, half, first_stream_.size()}) {
    SCOPED_TRACE(size);
    std::unique_ptr<ByteSource> source = GetParam().source(
        FailingSource(first_stream_.substr(0, size), absl::UnavailableError("peer is gone")));
    Outcome outcome = ReadAll(source.get(), 7);
    EXPECT_EQ(outcome.status, absl::UnavailableError("peer is gone"));
    EXPECT_EQ(outcome.bytes, GetParam().library(first_stream_.substr(0, size)));
  }
}

TEST_P(CodecDamage, ErrorIsFinal) {
  std::unique_ptr<ByteSource> source =
      GetParam().source(std::make_unique<StringSource>(first_stream_ + "x"));
  absl::Status first_error = ReadAll(source.get()).status;
  Outcome again = ReadAll(source.get());
  EXPECT_EQ(again.bytes, "");
  EXPECT_FALSE(again.status.ok());
  EXPECT_EQ(again.status, first_error);
}

}  // namespace
}  // namespace scamper::io
