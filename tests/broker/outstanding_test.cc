// SPDX-License-Identifier: Apache-2.0
#include "server/broker/outstanding.h"

#include "gtest/gtest.h"

namespace scamper::broker {
namespace {

TEST(OutstandingTest, ATaskThatLeftSomethingOpenIsTheSecondChoice) {
  Task open;
  Task exact;
  open.key = "open";
  exact.key = "exact";
  Outstanding out;
  out.Sent(&open, "first");
  out.Sent(&exact, "second");
  ASSERT_EQ(out.Accepted(1), &open);
  ASSERT_EQ(out.Accepted(2), &exact);
  const ResultKey record{"exact", false, "open"};
  EXPECT_EQ(out.Find(record), &exact);
  out.Finished(&exact);
  EXPECT_EQ(out.Find(record), &open);
  EXPECT_EQ(out.Find(ResultKey{"exact", false, ""}), nullptr);
  out.Finished(&open);
  EXPECT_EQ(out.Find(record), nullptr);
}

}  // namespace
}  // namespace scamper::broker
