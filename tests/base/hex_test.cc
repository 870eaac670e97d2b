// SPDX-License-Identifier: Apache-2.0
#include "server/base/hex.h"

#include <string>

#include "gtest/gtest.h"

namespace scamper::base {
namespace {

TEST(HexTest, EncodeGivesTwoLowerCaseDigitsPerByte) {
  EXPECT_EQ(HexEncode(std::string("\x00\xaf\x10", 3)), "00af10");
  EXPECT_EQ(HexEncode(""), "");
}

TEST(HexTest, DecodeAcceptsBothCases) {
  EXPECT_EQ(HexDecode("00aFFf"), std::string("\x00\xaf\xff", 3));
  EXPECT_EQ(HexDecode(""), "");
}

TEST(HexTest, DecodeRefusesOddLengthsAndOtherCharacters) {
  for (const char* text : {"0", "abc", "0g", " 00", "0x00"}) EXPECT_FALSE(HexDecode(text)) << text;
}

TEST(HexTest, BytesWithSeparatorRoundTrip) {
  std::string text;
  AppendHexBytes(std::string("\x00\x00\x5e\x00\x53\x99", 6), ':', &text);
  EXPECT_EQ(text, "00:00:5e:00:53:99");
  EXPECT_EQ(ParseHexBytes(text, ':'), std::string("\x00\x00\x5e\x00\x53\x99", 6));
}

TEST(HexTest, ParseHexBytesRefusesWrongShapes) {
  for (const char* text : {"00:", ":00", "0:00", "00-00", "000", "00:0"}) {
    EXPECT_FALSE(ParseHexBytes(text, ':')) << text;
  }
}

}  // namespace
}  // namespace scamper::base
