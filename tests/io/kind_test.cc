// SPDX-License-Identifier: Apache-2.0
#include "server/io/kind.h"

#include "gtest/gtest.h"

namespace scamper::io {
namespace {

TEST(CompressionOfBytes, KnowsEachMagic) {
  EXPECT_EQ(CompressionOfBytes("\x1f\x8b"), Compression::kGzip);
  EXPECT_EQ(CompressionOfBytes("\x1f\x8b\x08rest"), Compression::kGzip);
  EXPECT_EQ(CompressionOfBytes("BZh9"), Compression::kBzip2);
  EXPECT_EQ(CompressionOfBytes(absl::string_view("\xfd\x37zXZ\0", 6)), Compression::kXz);
}

TEST(CompressionOfBytes, AllElseIsNotCompressed) {
  EXPECT_EQ(CompressionOfBytes(""), Compression::kNone);
  EXPECT_EQ(CompressionOfBytes("\x1f"), Compression::kNone);
  EXPECT_EQ(CompressionOfBytes("\x12\x05"), Compression::kNone);
  EXPECT_EQ(CompressionOfBytes("\x78\x9c"), Compression::kNone);  // zlib's own wrapper
  EXPECT_EQ(CompressionOfBytes("\xfd\x37zXZ"), Compression::kNone);
  EXPECT_EQ(CompressionOfBytes("\xfd\x37zXZ\x01"), Compression::kNone);
}

TEST(ContentOfBytes, KnowsWartsArtsAndEmpty) {
  EXPECT_EQ(ContentOfBytes("\x12\x05"), Content::kWarts);
  EXPECT_EQ(ContentOfBytes(absl::string_view("\x12\x05\0\x01", 4)), Content::kWarts);
  EXPECT_EQ(ContentOfBytes("\xdf\xb0rest"), Content::kArts);
  EXPECT_EQ(ContentOfBytes(""), Content::kEmpty);
  EXPECT_EQ(ContentOfBytes("\x12"), Content::kOther);
  EXPECT_EQ(ContentOfBytes("\x05\x12"), Content::kOther);
  EXPECT_EQ(ContentOfBytes("{\"type\""), Content::kOther);
}

TEST(CompressionOfName, IsTheSuffix) {
  EXPECT_EQ(CompressionOfName("a/b.warts.gz"), Compression::kGzip);
  EXPECT_EQ(CompressionOfName("b.bz2"), Compression::kBzip2);
  EXPECT_EQ(CompressionOfName("b.warts.xz"), Compression::kXz);
  EXPECT_EQ(CompressionOfName("WARTS.GZ"), Compression::kGzip);
  EXPECT_EQ(CompressionOfName("b.warts"), Compression::kNone);
  EXPECT_EQ(CompressionOfName("b.gz.warts"), Compression::kNone);
  EXPECT_EQ(CompressionOfName("bgz"), Compression::kNone);
  EXPECT_EQ(CompressionOfName(""), Compression::kNone);
}

TEST(SuffixOf, IsReadBackByCompressionOfName) {
  EXPECT_EQ(SuffixOf(Compression::kNone), "");
  for (Compression compression : {Compression::kGzip, Compression::kBzip2, Compression::kXz}) {
    EXPECT_EQ(CompressionOfName(SuffixOf(compression)), compression);
  }
}

}  // namespace
}  // namespace scamper::io
