// SPDX-License-Identifier: Apache-2.0
#include "server/records/neighbourdisc/neighbourdisc_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Measurement Neighbourdisc(absl::string_view text) {
  return MeasurementOf("neighbourdisc", text);
}

std::vector<std::string> Violations(absl::string_view text) {
  return ViolationsOf(Neighbourdisc(text));
}

// clang-format off
const Golden kGolden[] = {
    {"neighbourdisc -i e0 198.51.100.1", "dst: '198.51.100.1' ifname: 'e0'",
     "neighbourdisc -i 'e0' 198.51.100.1", "neighbourdisc -i 'e0' 198.51.100.1"},
    {"neighbourdisc -i e0 -q 2 2001:db8:1::1", "dst: '2001:db8:1::1' ifname: 'e0' attempts: 2",
     "neighbourdisc -i 'e0' -q 2 2001:db8:1::1", "neighbourdisc -i 'e0' -q 2 2001:db8:1::1"},
    {"neighbourdisc -i e0 -w 1000 198.51.100.3",
     "dst: '198.51.100.3' ifname: 'e0' wait_timeout { seconds: 1 }",
     "neighbourdisc -i 'e0' -w 1s 198.51.100.3", "neighbourdisc -i 'e0' -w 1000 198.51.100.3"},
};

const Boundary kBoundaries[] = {
    {"ifname", "", 1, 15, " -i 'a' ", " -i 'aaaaaaaaaaaaaaa' ", "must be 1 - 15 characters of "},
    {"attempts", "", 1, 65535, " -q 1 ", " -q 65535 ", "within 1 - 65535, is "},
    {"all_attempts", "", 0, 1, "neighbourdisc -i 'e0' 192.0.2.1 ", " -Q ", ""},
    {"stop_count", "", 0, 65535, " -o 0 ", " -o 65535 ", "within 0 - 65535, is 65536"},
    {"first_response", "", 0, 1, "neighbourdisc -i 'e0' 192.0.2.1 ", " -F ", ""},
    {"wait_timeout", "", 100000, 65535000, " -w 100ms ", " -w 65535ms ",
     "within 100 ms - 65535 ms, is "},
};
// clang-format on

TEST(NeighbourdiscCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("neighbourdisc", row);
}

TEST(NeighbourdiscCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::NeighbourdiscParameters::descriptor();
  std::vector<std::string> covered = {"dst", "src"};  // In the tests of addresses.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("neighbourdisc", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(NeighbourdiscCommandTest, ASourceIsForIpv6Only) {
  EXPECT_EQ(CommandOf(Neighbourdisc("dst: '2001:db8::1' ifname: 'e0' src: 'FE80::1'"), kNewest),
            "neighbourdisc -i 'e0' -S fe80::1 2001:db8::1");
  EXPECT_THAT(Violations("dst: '192.0.2.1' ifname: 'e0' src: '192.0.2.2'"),
              ElementsAre("neighbourdisc.src: needs an IPv6 destination"));
}

TEST(NeighbourdiscCommandTest, TheFirstResponseIsNotTogetherWithMore) {
  const std::string base = BaseOf("neighbourdisc");
  EXPECT_THAT(Violations(base + " first_response: true all_attempts: true"),
              ElementsAre("neighbourdisc.first_response: must not be together with all_attempts"));
  EXPECT_THAT(
      Violations(base + " first_response: true stop_count: 2"),
      ElementsAre("neighbourdisc.first_response: must not be together with stop_count > 1"));
  EXPECT_THAT(Violations(base + " first_response: true stop_count: 1"), IsEmpty());
}

TEST(NeighbourdiscCommandTest, AllAttemptsNeedAsManyReplies) {
  const std::string base = BaseOf("neighbourdisc") + " all_attempts: true attempts: 3 ";
  EXPECT_THAT(Violations(base + "stop_count: 2"),
              ElementsAre("neighbourdisc.stop_count: must not be below attempts with all_attempts, "
                          "which is 3, is 2"));
  EXPECT_THAT(Violations(base + "stop_count: 3"), IsEmpty());
  EXPECT_THAT(Violations(base + "stop_count: 0"), IsEmpty());
  EXPECT_THAT(Violations(base), IsEmpty());
}

}  // namespace
}  // namespace scamper::records
