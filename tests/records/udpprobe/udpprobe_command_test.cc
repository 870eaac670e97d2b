// SPDX-License-Identifier: Apache-2.0
#include "server/records/udpprobe/udpprobe_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Measurement Udpprobe(absl::string_view text) { return MeasurementOf("udpprobe", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Udpprobe(text)); }

// clang-format off
const Golden kGolden[] = {
    {"udpprobe -U 1 -d 7007 -p 68656c6c6f 192.0.2.9",
     "dst: '192.0.2.9' dport: 7007 payload: 'hello' userid: 1",
     "udpprobe -d 7007 -p 68656c6c6f -U 1 192.0.2.9", "needs scamper 20240117 "},
    {"udpprobe -d 7007 -p aabb -c 3 -o 3 -W 0.5 2001:db8:99::9",
     "dst: '2001:db8:99::9' dport: 7007 payload: '\\xaa\\xbb' attempts: 3 stop_count: 3 "
     "wait_probe { nanos: 500000000 }",
     "udpprobe -d 7007 -p aabb -c 3 -o 3 -W 500ms 2001:db8:99::9", "needs scamper 20240117 "},
    {"udpprobe -d 7008 -p cc -O exitfirst 192.0.2.9",
     "dst: '192.0.2.9' dport: 7008 payload: '\\xcc' exitfirst: true",
     "udpprobe -d 7008 -p cc -O exitfirst 192.0.2.9", "needs scamper 20240117 "},
    {"udpprobe -S 198.51.100.2 -d 7010 -p dd -w 1 192.0.2.9",
     "dst: '192.0.2.9' src: '198.51.100.2' dport: 7010 payload: '\\xdd' wait_timeout { seconds: 1 }",
     "udpprobe -d 7010 -p dd -S 198.51.100.2 -w 1s 192.0.2.9", "needs scamper 20240117 "},
};

const Boundary kBoundaries[] = {
    {"dport", "", 1, 65535, " -d 1 ", " -d 65535 ", "within 1 - 65535, is "},
    {"payload", "", 1, 1400, " -p 61 ", "6161 192.0.2.1 ", "must have 1 - 1400 bytes, has "},
    {"attempts", "", 1, 20, " -c 1 ", " -c 20 ", "within 1 - 20, is "},
    {"stop_count", "attempts: 20", 1, 20, " -o 1 ", " -o 20 ", "within 1 - 20, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"wait_timeout", "", 500000, 5000000, " -w 500ms ", " -w 5s ", "within 500 ms - 5 s, is "},
    {"wait_probe", "", 500000, 5000000, " -W 500ms ", " -W 5s ", "within 500 ms - 5 s, is "},
    {"exitfirst", "", 0, 1, "udpprobe -d 7 -p 61 192.0.2.1 ", " -O exitfirst ", ""},
};
// clang-format on

TEST(UdpprobeCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("udpprobe", row);
}

TEST(UdpprobeCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::UdpprobeParameters::descriptor();
  std::vector<std::string> covered = {"dst", "src"};  // In the tests of addresses.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("udpprobe", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(UdpprobeCommandTest, DestinationPortAndPayloadAreMandatory) {
  EXPECT_THAT(Violations(""), ElementsAre("udpprobe.dst: must be an IPv4 or IPv6 address, is ''",
                                          "udpprobe.dport: must be within 1 - 65535, is 0",
                                          "udpprobe.payload: must have 1 - 1400 bytes, has 0"));
}

TEST(UdpprobeCommandTest, ItCannotStopAfterMoreRepliesThanProbes) {
  const std::string base = BaseOf("udpprobe");
  EXPECT_THAT(
      Violations(base + " stop_count: 2"),
      ElementsAre("udpprobe.stop_count: must not be greater than attempts, which is 1, is 2"));
  EXPECT_THAT(Violations(base + " stop_count: 2 attempts: 2"), IsEmpty());
}

TEST(UdpprobeCommandTest, WhatADaemonDoesNotKnowIsRefusedWithTheVersion) {
  ExpectNeeds({{"attempts: 2", 20240503},
               {"stop_count: 1", 20240503},
               {"wait_probe { seconds: 1 }", 20240503},
               {"src: '192.0.2.2'", 20240920}},
              Udpprobe, BaseOf("udpprobe"));
}

}  // namespace
}  // namespace scamper::records
