// SPDX-License-Identifier: Apache-2.0
#include "server/control/uudecode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/uuencode.h"

namespace scamper::control {
namespace {

using ::testing::HasSubstr;

std::string Bytes(size_t size) {
  std::string out;
  for (size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(i * 131 + i / 7));
  return out;
}

TEST(UuDecodeTest, EveryLengthComesBack) {
  for (size_t size = 8; size <= 300; ++size) {
    const std::string text = UuEncode(Bytes(size));
    EXPECT_TRUE(IsPossibleUuLength(text.size())) << size;
    const auto decoded = UuDecode(text, 0);
    ASSERT_TRUE(decoded.ok()) << size << ": " << decoded.status();
    EXPECT_EQ(*decoded, Bytes(size)) << size;
  }
}

TEST(UuDecodeTest, AllByteValuesAndBackQuoteForZero) {
  const std::string zeros(45, '\0');
  EXPECT_EQ(UuEncode(zeros), "M" + std::string(60, '`') + "\n`\n");
  EXPECT_EQ(UuDecode(UuEncode(zeros), 0).value(), zeros);
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(UuDecode(UuEncode(all), 0).value(), all);
}

TEST(UuDecodeTest, LengthsThatNoRecordHasAreImpossible) {
  for (uint64_t length : {0u, 1u, 2u, 15u, 17u, 62u, 65u, 69u, 127u}) {
    EXPECT_FALSE(IsPossibleUuLength(length)) << length;
  }
  for (uint64_t length : {16u, 28u, 60u, 64u, 70u, 126u}) {
    EXPECT_TRUE(IsPossibleUuLength(length)) << length;
  }
}

struct Damage {
  const char* name;
  size_t at;
  char to;
  const char* says;
};

class UuDecodeDamageTest : public testing::TestWithParam<Damage> {};

// 47 bytes: a full line, a line of 2 bytes at 62, the closing line at 68.
TEST_P(UuDecodeDamageTest, IsRefusedWithItsOffset) {
  std::string text = UuEncode(std::string(47, '\xff'));
  ASSERT_EQ(text.size(), 70u);
  text[GetParam().at] = GetParam().to;
  const auto decoded = UuDecode(text, 1000);
  ASSERT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(decoded.status().message()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, UuDecodeDamageTest,
    testing::Values(Damage{"FirstLineShort", 0, 'L', "byte 1000: expected the length character"},
                    Damage{"Space", 7, ' ', "byte 1007: expected a uuencode character"},
                    Damage{"LowerCase", 8, 'a', "byte 1008: expected a uuencode character"},
                    Damage{"HighBit", 9, '\xc0', "byte 1009: expected a uuencode character"},
                    Damage{"NoLf", 61, 'x', "byte 1061: expected LF"},
                    Damage{"LastLineOfFour", 62, '$', "byte 1062: expected the length character"},
                    Damage{"LastLineOfZero", 62, '`', "byte 1062: expected the length character"},
                    Damage{"LastLineInvalid", 62, '\n', "byte 1062: expected the length character"},
                    Damage{"PaddingSet", 66, '!', "byte 1063: expected a last group padded"},
                    Damage{"NoLastLf", 67, '`', "byte 1067: expected LF"},
                    Damage{"ClosingSpace", 68, ' ', "byte 1068: expected the closing line"},
                    Damage{"ClosingLf", 69, '`', "byte 1068: expected the closing line"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace scamper::control
