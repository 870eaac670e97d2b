// SPDX-License-Identifier: Apache-2.0
#include "client/cli/progress.h"

#include <sstream>

#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

TEST(ProgressTest, ANewLineIsDrawnOverTheLastOne) {
  std::ostringstream out;
  {
    Progress progress(out, true);
    progress.Show(1, 9, 0);
    EXPECT_EQ(out.str(), "1/9 done");
    progress.Show(2, 9, 1);
    EXPECT_EQ(out.str(), "1/9 done\r        \r2/9 done, 1 failed");
  }
  EXPECT_EQ(out.str(), "1/9 done\r        \r2/9 done, 1 failed\r                  \r");
}

TEST(ProgressTest, NothingIsErasedTwice) {
  std::ostringstream out;
  Progress progress(out, true);
  progress.Show(1, 9, 0);
  progress.Erase();
  const std::string once = out.str();
  progress.Erase();
  EXPECT_EQ(out.str(), once);
}

TEST(ProgressTest, SaysNothingWhereItIsNotEnabled) {
  std::ostringstream out;
  Progress progress(out, false);
  progress.Show(1, 9, 0);
  progress.Erase();
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressTest, NeedsATerminalThatCanRefreshALine) {
  EXPECT_TRUE(TerminalShowsProgress(true, "xterm"));
  EXPECT_FALSE(TerminalShowsProgress(false, "xterm"));
  EXPECT_FALSE(TerminalShowsProgress(true, "dumb"));
  EXPECT_FALSE(TerminalShowsProgress(true, ""));
  EXPECT_FALSE(TerminalShowsProgress(true, nullptr));
}

}  // namespace
}  // namespace scamper::cli
