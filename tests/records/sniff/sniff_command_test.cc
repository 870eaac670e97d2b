// SPDX-License-Identifier: Apache-2.0
#include "server/records/sniff/sniff_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;

v1::Measurement Sniff(absl::string_view text) { return MeasurementOf("sniff", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Sniff(text)); }

// clang-format off
const Golden kGolden[] = {
    {"sniff -S 198.51.100.2 -c 3 -G 2 icmp[icmpid] == 4242",
     "src: '198.51.100.2' icmp_id: 4242 limit_pkt_count: 3 limit_time { seconds: 2 }",
     "sniff -S 198.51.100.2 -c 3 -G 2s icmp[icmpid] == 4242",
     "sniff -S 198.51.100.2 -c 3 -G 2 icmp[icmpid] == 4242"},
};

const Boundary kBoundaries[] = {
    {"icmp_id", "", 0, 65535, "sniff -S 192.0.2.1 icmp[icmpid] == 0 ", " icmp[icmpid] == 65535 ",
     "within 0 - 65535, is 65536"},
    {"limit_pkt_count", "", 1, 5000, " -c 1 ", " -c 5000 ", "within 1 - 5000 packets, is "},
    {"limit_time", "", 1000000, 1200000000, " -G 1s ", " -G 1200s ", "within 1 s - 1200 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};
// clang-format on

TEST(SniffCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("sniff", row);
}

TEST(SniffCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::SniffParameters::descriptor();
  std::vector<std::string> covered = {"src"};  // In a test of its own.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("sniff", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(SniffCommandTest, AddressAndIdAreMandatory) {
  EXPECT_THAT(Violations(""), ElementsAre("sniff.src: must be an IPv4 or IPv6 address, is ''",
                                          "sniff.icmp_id: must be given, within 0 - 65535"));
  EXPECT_EQ(CommandOf(Sniff("src: '2001:DB8::1' icmp_id: 7"), kNewest),
            "sniff -S 2001:db8::1 icmp[icmpid] == 7");
}

TEST(SniffCommandTest, TimesAreWholeSeconds) {
  EXPECT_THAT(Violations("src: '192.0.2.1' icmp_id: 7 limit_time { seconds: 1 nanos: 1000000 }"),
              ElementsAre("sniff.limit_time: must be a multiple of 1 s, is 1001 ms"));
}

}  // namespace
}  // namespace scamper::records
