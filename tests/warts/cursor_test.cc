// SPDX-License-Identifier: Apache-2.0
#include "server/warts/cursor.h"

#include <string>

#include "gtest/gtest.h"
#include "server/warts/header.h"
#include "server/warts/writer.h"

namespace scamper::warts {
namespace {

TEST(CursorTest, IntegersAreBigEndianAndMoveTheOffset) {
  Cursor cursor(absl::string_view("\x01\x02\x03\x80\x00\x00\x01", 7), 100);
  uint32_t value = 0;
  ASSERT_TRUE(cursor.U8(&value));
  EXPECT_EQ(value, 1u);
  ASSERT_TRUE(cursor.U16(&value));
  EXPECT_EQ(value, 0x203u);
  EXPECT_EQ(cursor.offset(), 103u);
  ASSERT_TRUE(cursor.U32(&value));
  EXPECT_EQ(value, 0x80000001u);
  EXPECT_EQ(cursor.left(), 0u);
}

TEST(CursorTest, AnItemThatIsNotThereMovesNothing) {
  Cursor cursor("abc");
  uint32_t value = 7;
  absl::string_view bytes;
  Cursor part(absl::string_view{});
  EXPECT_FALSE(cursor.U32(&value));
  EXPECT_FALSE(cursor.Bytes(4, &bytes));
  EXPECT_FALSE(cursor.Take(4, &part));
  EXPECT_FALSE(cursor.CString(&bytes));
  EXPECT_EQ(value, 7u);
  EXPECT_EQ(cursor.left(), 3u);
  EXPECT_EQ(cursor.offset(), 0u);
}

TEST(CursorTest, ATakenPartEndsWhereItEndsAndKeepsItsOffset) {
  Cursor cursor("abcdef", 10);
  Cursor part(absl::string_view{});
  ASSERT_TRUE(cursor.Take(2, &part));
  uint32_t value = 0;
  EXPECT_FALSE(part.U32(&value));
  EXPECT_EQ(part.offset(), 10u);
  EXPECT_EQ(cursor.rest(), "cdef");
  EXPECT_EQ(cursor.offset(), 12u);
}

TEST(CursorTest, CStringConsumesTheZeroByte) {
  Cursor cursor(absl::string_view("ab\0\0c", 5));
  absl::string_view text;
  ASSERT_TRUE(cursor.CString(&text));
  EXPECT_EQ(text, "ab");
  ASSERT_TRUE(cursor.CString(&text));
  EXPECT_EQ(text, "");
  EXPECT_EQ(cursor.rest(), "c");
}

TEST(HeaderTest, WrittenHeadersAreRead) {
  Writer writer;
  WriteHeader({7, 0x01020304}, writer);
  const std::string bytes = std::move(writer).Take();
  EXPECT_EQ(bytes, std::string("\x12\x05\x00\x07\x01\x02\x03\x04", 8));
  const auto header = ReadHeader(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, 7u);
  EXPECT_EQ(header->length, 0x01020304u);
}

TEST(HeaderTest, ShortBytesAndAnotherMagicAreRefused) {
  EXPECT_FALSE(ReadHeader(absl::string_view("\x12\x05\x00\x07\x00\x00\x00", 7)));
  EXPECT_FALSE(ReadHeader(absl::string_view("\x12\x06\x00\x07\x00\x00\x00\x00", 8)));
}

}  // namespace
}  // namespace scamper::warts
