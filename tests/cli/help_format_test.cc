// SPDX-License-Identifier: Apache-2.0
#include "client/cli/help_format.h"

#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

TEST(WrapTest, LinesEndBeforeTheWidth) {
  EXPECT_EQ(Wrap("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(Wrap("one two three", 0, 80), "one two three\n");
}

TEST(WrapTest, AWordThatIsTooLongStandsAlone) {
  EXPECT_EQ(Wrap("a incomprehensible b", 0, 5), "a\nincomprehensible\nb\n");
}

TEST(WrapTest, NothingStaysNothing) { EXPECT_EQ(Wrap("  ", 4, 10), ""); }

}  // namespace
}  // namespace scamper::cli
