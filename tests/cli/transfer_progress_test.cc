// SPDX-License-Identifier: Apache-2.0
#include "client/cli/transfer_progress.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/io/string_io.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;

TEST(TransferTextTest, WithATotalItIsABarWithTheRateAndTheTimeLeft) {
  EXPECT_EQ(TransferText(250'000'000, 1'000'000'000, absl::Seconds(2)),
            " 25% [======>                 ]  250 MB  125 MB/s  6 s left");
  EXPECT_EQ(TransferText(1'000'000'000, 1'000'000'000, absl::Seconds(2)),
            "100% [========================]  1.00 GB  500 MB/s  0 s left");
}

TEST(TransferTextTest, WithoutATotalItIsTheRateAndTheTime) {
  EXPECT_EQ(TransferText(1'500'000, std::nullopt, absl::Seconds(75)),
            "1.50 MB  20.0 kB/s  1 min 15 s");
}

TEST(TransferTextTest, NothingDoneIsNoTimeLeft) {
  EXPECT_EQ(TransferText(0, 1000, absl::Seconds(1)),
            "  0% [>                       ]  0 B  0 B/s  ? left");
}

TEST(TransferTextTest, AFileThatGrewIsNoMoreThanDone) {
  EXPECT_THAT(TransferText(2000, 1000, absl::Seconds(1)), HasSubstr("100%"));
  EXPECT_THAT(TransferText(0, 0, absl::ZeroDuration()), HasSubstr("0%"));
}

TEST(TransferTextTest, ItFitsOnATerminal) {
  const uint64_t most = UINT64_MAX;
  EXPECT_LE(TransferText(most - 1, most, absl::Milliseconds(1)).size(), 79u);
  EXPECT_LE(TransferText(1, most, absl::Hours(999)).size(), 79u);
}

TEST(BytesTextTest, HasThreeDigits) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(1000), "1.00 kB");
  EXPECT_EQ(BytesText(9'994), "9.99 kB");
  EXPECT_EQ(BytesText(9'996), "10.0 kB");
  EXPECT_EQ(BytesText(99'960), "100 kB");
  EXPECT_EQ(BytesText(999'600), "1.00 MB");
  EXPECT_EQ(BytesText(UINT64_MAX), "18.4 EB");
}

class TransferProgressTest : public testing::Test {
 protected:
  TransferProgress::Clock Clock() {
    return [this] { return now_; };
  }
  absl::Time now_ = absl::FromUnixSeconds(1000);
  std::ostringstream err_;
};

TEST_F(TransferProgressTest, DrawsOverItselfAtMostFiveTimesASecond) {
  {
    TransferProgress progress(err_, true, std::nullopt, Clock());
    progress.Advance(100);
    EXPECT_EQ(err_.str(), "");
    now_ += absl::Seconds(1);
    progress.Advance(100);
    EXPECT_EQ(err_.str(), "200 B  200 B/s  1 s");
    now_ += absl::Milliseconds(199);
    progress.Advance(100);
    EXPECT_EQ(err_.str(), "200 B  200 B/s  1 s");
  }
  EXPECT_EQ(err_.str(), "200 B  200 B/s  1 s\r                   \r");
}

TEST_F(TransferProgressTest, WhatIsSaidStandsOnItsOwnLine) {
  TransferProgress progress(err_, true, std::nullopt, Clock());
  now_ += absl::Seconds(1);
  progress.Advance(100);
  progress.Say("damage");
  progress.Say("");
  EXPECT_EQ(err_.str(), "100 B  100 B/s  1 s\r                   \rscamper-grpc: damage\n");
}

TEST_F(TransferProgressTest, SaysOnlyWhatIsSaidWhereItIsNotEnabled) {
  TransferProgress progress(err_, false, 1000, Clock());
  now_ += absl::Seconds(1);
  progress.Advance(100);
  progress.Say("damage");
  EXPECT_EQ(err_.str(), "scamper-grpc: damage\n");
}

TEST_F(TransferProgressTest, CountsWhatIsReadOfASource) {
  TransferProgress progress(err_, true, 10, Clock());
  const auto source = Metered(std::make_unique<io::StringSource>("12345"), &progress);
  now_ += absl::Seconds(1);
  char buffer[8];
  EXPECT_EQ(*source->Read(buffer, sizeof buffer), 5u);
  EXPECT_THAT(err_.str(), HasSubstr(" 50% [============>"));
}

}  // namespace
}  // namespace scamper::cli
