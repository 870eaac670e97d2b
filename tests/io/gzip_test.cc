// SPDX-License-Identifier: Apache-2.0
// What only gzip has: optional header fields, and a trailer.
#include <zlib.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/io/gzip_sink.h"
#include "server/io/gzip_source.h"
#include "server/io/string_io.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

// A member whose header has every optional field.
std::string MemberWithFullHeader(const std::string& bytes) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  gz_header header = {};
  std::string extra(300, 'e'), name = "name.warts", comment = "a comment";
  header.text = 1;
  header.time = 1700000000;
  header.extra = reinterpret_cast<Bytef*>(extra.data());
  header.extra_len = static_cast<uInt>(extra.size());
  header.name = reinterpret_cast<Bytef*>(name.data());
  header.comment = reinterpret_cast<Bytef*>(comment.data());
  header.hcrc = 1;
  EXPECT_EQ(deflateSetHeader(&stream, &header), Z_OK);
  std::string out(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class Gzip : public ::testing::TestWithParam<Codec> {};

std::vector<Codec> Inflaters() {
  std::vector<Codec> inflaters;
  for (const Codec& codec : AllCodecs()) {
    if (codec.tool == "gzip") inflaters.push_back(codec);
  }
  return inflaters;
}

INSTANTIATE_TEST_SUITE_P(All, Gzip, ::testing::ValuesIn(Inflaters()), CodecName);

TEST_P(Gzip, OptionalHeaderFieldsAreSkipped) {
  const std::string bytes = MixedBytes(1000, 1);
  const std::string member = MemberWithFullHeader(bytes);
  Outcome outcome = Decompressed(GetParam(), member + member);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.bytes, bytes + bytes);
  outcome = ReadAll(GetParam().source(SlowSource(member + member)).get());
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.bytes, bytes + bytes);
}

TEST_P(Gzip, TruncatedInAnyHeaderFieldIsAnError) {
  const std::string bytes = MixedBytes(100, 1);
  const std::string member = MemberWithFullHeader(bytes);
  for (size_t cut = 0; cut < member.size(); cut++) {
    SCOPED_TRACE(cut);
    Outcome outcome = Decompressed(GetParam(), member.substr(0, cut));
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_EQ(outcome.bytes, bytes.substr(0, outcome.bytes.size()));
  }
}

TEST_P(Gzip, FlippedByteOfAFullHeaderIsAnErrorBeforeTheFirstByte) {
  const std::string bytes = MixedBytes(100, 1);
  const std::string member = MemberWithFullHeader(bytes);
  const size_t header_size = 10 + 2 + 300 + sizeof("name.warts") + sizeof("a comment") + 2;
  for (size_t i = 0; i < header_size; i++) {
    SCOPED_TRACE(i);
    std::string damaged = member;
    damaged[i] ^= 0x20;
    Outcome outcome = Decompressed(GetParam(), damaged);
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_EQ(outcome.bytes, "");
  }
}

TEST_P(Gzip, WrongChecksumOrLengthIsAnErrorAfterAllBytes) {
  const std::string bytes = MixedBytes(1000, 1);
  const std::string member = Compressed(GetParam(), bytes);
  for (size_t back = 1; back <= 8; back++) {
    SCOPED_TRACE(back);
    std::string damaged = member;
    damaged[damaged.size() - back] ^= 0x10;
    Outcome outcome = Decompressed(GetParam(), damaged);
    EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
    EXPECT_EQ(outcome.bytes, bytes);
  }
}

TEST_P(Gzip, StoredBlocksAreRead) {
  // Bytes that deflate cannot shorten.
  std::string bytes;
  for (unsigned i = 0, x = 1; i < 300'000; i++) {
    x = x * 1664525 + 1013904223;
    bytes.push_back(static_cast<char>(x >> 24));
  }
  Outcome outcome = Decompressed(GetParam(), Compressed(GetParam(), bytes), 1000);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_TRUE(outcome.bytes == bytes);
}

TEST(GzipSource, ReadsWithTheInflaterOfTheBuild) {
  const std::string bytes = MixedBytes(1000, 1);
  std::string out;
  std::unique_ptr<ByteSink> sink = NewGzipSink(std::make_unique<StringSink>(&out));
  ASSERT_TRUE(sink->Write(bytes).ok());
  ASSERT_TRUE(sink->Close().ok());
  Outcome outcome = ReadAll(NewGzipSource(std::make_unique<StringSource>(out)).get());
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.bytes, bytes);
}

TEST(GzipSink, HeaderHasNoNameAndTimeZero) {
  std::string out;
  std::unique_ptr<ByteSink> sink = NewGzipSink(std::make_unique<StringSink>(&out));
  ASSERT_TRUE(sink->Close().ok());
  EXPECT_EQ(out.substr(0, 9), std::string("\x1f\x8b\x08\0\0\0\0\0\0", 9));
}

}  // namespace
}  // namespace scamper::io
