// SPDX-License-Identifier: Apache-2.0
#include "server/runs/table.h"

#include <memory>

#include "gtest/gtest.h"
#include "tests/fakes/fake_executor.h"

namespace scamper::runs {
namespace {

struct FakeStream {
  void Abandon(v1::TaskOutcome) { *abandoned = true; }
  bool* abandoned;
};

class TableTest : public testing::Test {
 protected:
  fakes::FakeExecutor executor_;
  Table<FakeStream> table_{&executor_, absl::Seconds(60)};
  bool abandoned_ = false;
};

TEST_F(TableTest, WhatHasACallStaysAndAfterItForTheGrace) {
  table_.Add("a", std::make_shared<FakeStream>(FakeStream{&abandoned_}));
  table_.Enter("a");
  executor_.Advance(absl::Hours(1));
  EXPECT_NE(table_.Find("a"), nullptr);
  table_.Leave("a");
  executor_.Advance(absl::Seconds(59));
  EXPECT_NE(table_.Find("a"), nullptr);
  EXPECT_FALSE(abandoned_);
  executor_.Advance(absl::Seconds(2));
  EXPECT_EQ(table_.Find("a"), nullptr);
  EXPECT_TRUE(abandoned_);
}

TEST_F(TableTest, ACallThatComesWithinTheGraceStopsIt) {
  table_.Add("a", std::make_shared<FakeStream>(FakeStream{&abandoned_}));
  table_.Enter("a");
  table_.Leave("a");
  executor_.Advance(absl::Seconds(59));
  table_.Enter("a");
  table_.Enter("a");
  executor_.Advance(absl::Hours(1));
  table_.Leave("a");
  executor_.Advance(absl::Hours(1));
  EXPECT_FALSE(abandoned_);
  EXPECT_EQ(table_.All().size(), 1u);
}

}  // namespace
}  // namespace scamper::runs
