// SPDX-License-Identifier: Apache-2.0
#include "client/cli/duration_text.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

struct Good {
  std::string text;
  int64_t seconds;
  int32_t nanos;
};

TEST(DurationTextTest, EveryUnitIsExactToTheMicrosecond) {
  for (const Good& good : {Good{"0", 0, 0},
                           {"1", 1, 0},
                           {"0.5", 0, 500'000'000},
                           {"0.000001", 0, 1000},
                           {"1.100000000", 1, 100'000'000},
                           {"500ms", 0, 500'000'000},
                           {"0.001ms", 0, 1000},
                           {"1500.25ms", 1, 500'250'000},
                           {"20us", 0, 20'000},
                           {"20.0us", 0, 20'000},
                           {"1234567us", 1, 234'567'000},
                           {"2s", 2, 0},
                           {"2.25s", 2, 250'000'000},
                           {"315576000000", 315'576'000'000, 0}}) {
    const auto duration = ParseDuration(good.text);
    ASSERT_TRUE(duration.ok()) << good.text << ": " << duration.status();
    EXPECT_EQ(duration->seconds(), good.seconds) << good.text;
    EXPECT_EQ(duration->nanos(), good.nanos) << good.text;
  }
}

TEST(DurationTextTest, EverythingElseIsRefused) {
  for (const std::string text : {"",
                                 "s",
                                 "ms",
                                 ".5",
                                 "5.",
                                 "1.2.3",
                                 "-1",
                                 "+1",
                                 " 1",
                                 "1 s",
                                 "1m",
                                 "1h",
                                 "1e3",
                                 "0x1",
                                 "us1",
                                 "0.0000001",
                                 "0.0001ms",
                                 "0.5us",
                                 "315576000001",
                                 "99999999999999999999999999",
                                 "99999999999999999999999us",
                                 "1ss",
                                 "nan",
                                 "inf"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

}  // namespace
}  // namespace scamper::cli
