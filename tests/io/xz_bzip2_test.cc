// SPDX-License-Identifier: Apache-2.0
// What only xz and bzip2 have: padding by four, a memory limit, parameters in the header.
#include "server/io/xz_source.h"

#include <lzma.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/io/bzip2_sink.h"
#include "server/io/damage.h"
#include "server/io/string_io.h"
#include "server/io/xz_sink.h"
#include "tests/io/test_codecs.h"

namespace scamper::io {
namespace {

using ::testing::HasSubstr;

std::string Xz(const std::string& bytes) {
  std::string out;
  std::unique_ptr<ByteSink> sink = NewXzSink(std::make_unique<StringSink>(&out));
  EXPECT_TRUE(sink->Write(bytes).ok());
  EXPECT_TRUE(sink->Close().ok());
  return out;
}

Outcome UnXz(const std::string& bytes, uint64_t memory_limit = kXzMemoryLimit) {
  return ReadAll(NewXzSource(std::make_unique<StringSource>(bytes), memory_limit).get());
}

TEST(XzSource, PaddingThatIsNoMultipleOfFourIsAnErrorWhereItBegins) {
  const std::string stream = Xz("abc");
  for (size_t zeros : {1, 2, 3, 5, 511}) {
    for (const std::string& behind : {std::string(), stream}) {
      SCOPED_TRACE(absl::StrCat(zeros, " and then ", behind.size()));
      Outcome outcome = UnXz(stream + std::string(zeros, '\0') + behind);
      EXPECT_EQ(outcome.bytes, "abc");
      EXPECT_TRUE(absl::IsDataLoss(outcome.status)) << outcome.status;
      EXPECT_EQ(OffsetOf(outcome.status), stream.size());
      EXPECT_THAT(std::string(outcome.status.message()),
                  HasSubstr(absl::StrCat("padding of ", zeros, " bytes")));
    }
  }
}

TEST(XzSource, StreamThatNeedsMoreMemoryThanTheLimitNamesBoth) {
  const std::string stream = Xz(MixedBytes(1000, 1));
  Outcome outcome = UnXz(stream, 1 << 20);
  EXPECT_EQ(outcome.bytes, "");
  EXPECT_TRUE(absl::IsResourceExhausted(outcome.status)) << outcome.status;
  // Preset 2 has the dictionary that the sink takes, 2 MiB.
  EXPECT_THAT(std::string(outcome.status.message()), HasSubstr("over the limit of 1048576"));
  EXPECT_THAT(std::string(outcome.status.message()),
              HasSubstr(absl::StrCat("needs ", lzma_easy_decoder_memusage(2) / 1000000)));
  EXPECT_TRUE(UnXz(stream, uint64_t{16} << 20).status.ok());
}

// A stream that asks for a dictionary of 1.5 GiB must not get it.
TEST(XzSource, StreamThatAsksForAHugeDictionaryIsRefusedByTheDefaultLimit) {
  lzma_options_lzma options;
  ASSERT_FALSE(lzma_lzma_preset(&options, 0));
  const std::string content = "abc";
  std::string stream(1000, '\0');
  size_t size = 0;
  lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  ASSERT_EQ(
      lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, nullptr,
                                reinterpret_cast<const uint8_t*>(content.data()), content.size(),
                                reinterpret_cast<uint8_t*>(stream.data()), &size, stream.size()),
      LZMA_OK);
  stream.resize(size);
  ASSERT_EQ(UnXz(stream).bytes, content);
  // The block header follows the 12 bytes of the stream header: size, flags, the
  // filter's id (0x21), the length of its properties (1), the dictionary's size.
  size_t id = stream.find("\x21\x01", 12);
  ASSERT_NE(id, std::string::npos);
  size_t header_size = (static_cast<unsigned char>(stream[12]) + 1) * 4u;
  stream[id + 2] = 39;
  uint32_t crc = lzma_crc32(reinterpret_cast<const uint8_t*>(&stream[12]), header_size - 4, 0);
  for (size_t i = 0; i < 4; i++) {
    stream[12 + header_size - 4 + i] = static_cast<char>(crc >> (8 * i));
  }
  Outcome outcome = UnXz(stream);
  EXPECT_TRUE(absl::IsResourceExhausted(outcome.status)) << outcome.status;
}

TEST(XzSource, StreamsWithoutAChecksumAndWithSha256AreRead) {
  for (lzma_check check : {LZMA_CHECK_NONE, LZMA_CHECK_CRC32, LZMA_CHECK_SHA256}) {
    SCOPED_TRACE(check);
    std::string stream(1000, '\0');
    size_t size = 0;
    ASSERT_EQ(
        lzma_easy_buffer_encode(1, check, nullptr, reinterpret_cast<const uint8_t*>("abc"), 3,
                                reinterpret_cast<uint8_t*>(stream.data()), &size, stream.size()),
        LZMA_OK);
    Outcome outcome = UnXz(stream.substr(0, size));
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.bytes, "abc");
  }
}

TEST(XzSink, ChecksumIsCrc64) { EXPECT_EQ(Xz("abc").substr(6, 2), std::string("\0\x04", 2)); }

TEST(Bzip2Sink, BlocksAreOf600Kilobytes) {
  std::string out;
  std::unique_ptr<ByteSink> sink = NewBzip2Sink(std::make_unique<StringSink>(&out));
  ASSERT_TRUE(sink->Close().ok());
  EXPECT_EQ(out.substr(0, 4), "BZh6");
}

}  // namespace
}  // namespace scamper::io
