// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Measurement Tracelb(absl::string_view text) { return MeasurementOf("tracelb", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Tracelb(text)); }

// clang-format off
// Commands of the golden recordings.
const Golden kGolden[] = {
    {"tracelb -P udp-dport -W 15 -w 1 -U 0 192.0.2.1",
     "dst: '192.0.2.1' method: TRACELB_METHOD_UDP_DPORT wait_probe { nanos: 150000000 } "
     "wait_timeout { seconds: 1 } userid: 0",
     "tracelb -P udp-dport -w 1s -W 150ms -U 0 192.0.2.1",
     "tracelb -P udp-dport -w 1 -W 15 -U 0 192.0.2.1"},
    {"tracelb -P icmp-echo -W 15 -w 1 -U 3 2001:db8:99::1",
     "dst: '2001:DB8:99::1' method: TRACELB_METHOD_ICMP_ECHO wait_probe { nanos: 150000000 } "
     "wait_timeout { seconds: 1 } userid: 3",
     "tracelb -P icmp-echo -w 1s -W 150ms -U 3 2001:db8:99::1",
     "tracelb -P icmp-echo -w 1 -W 15 -U 3 2001:db8:99::1"},
    {"tracelb -W 15 -c 99 -q 3 -t 8 192.0.2.2",
     "dst: '192.0.2.2' wait_probe { nanos: 150000000 } confidence: 99 attempts: 3 tos: 8",
     "tracelb -c 99 -q 3 -t 8 -W 150ms 192.0.2.2",
     "tracelb -c 99 -q 3 -t 8 -W 15 192.0.2.2"},
    {"tracelb -W 15 -O ptr -f 2 192.0.2.2",
     "dst: '192.0.2.2' wait_probe { nanos: 150000000 } ptr: true firsthop: 2",
     "tracelb -f 2 -O ptr -W 150ms 192.0.2.2",
     "tracelb -f 2 -O ptr -W 15 192.0.2.2"},
    {"tracelb -W 15 -w 1 -g 1 192.0.2.228",
     "dst: '192.0.2.228' wait_probe { nanos: 150000000 } wait_timeout { seconds: 1 } gaplimit: 1",
     "tracelb -g 1 -w 1s -W 150ms 192.0.2.228",
     "tracelb -g 1 -w 1 -W 15 192.0.2.228"},
};

const Boundary kBoundaries[] = {
    {"method", "", 1, 5, " -P udp-dport ", " -P tcp-ack-sport ",
     "must be one of udp-dport, icmp-echo, udp-sport, tcp-sport or tcp-ack-sport, is number "},
    {"confidence", "", 95, 99, " -c 95 ", " -c 99 ", "must be 95 or 99 percent, is "},
    {"dport", "", 1, 65535, " -d 1 ", " -d 65535 ", "within 1 - 65535, is "},
    {"sport", "", 1, 65535, " -s 1 ", " -s 65535 ", "within 1 - 65535, is "},
    {"firsthop", "", 1, 254, " -f 1 ", " -f 254 ", "within 1 - 254, is "},
    {"gaplimit", "", 1, 5, " -g 1 ", " -g 5 ", "within 1 - 5 hops, is "},
    {"attempts", "", 1, 5, " -q 1 ", " -q 5 ", "within 1 - 5, is "},
    {"ptr", "", 0, 1, "tracelb 192.0.2.1 ", " -O ptr ", ""},
    {"tos", "", 0, 255, " -t 0 ", " -t 255 ", "within 0 - 255, is 256"},
    {"wait_timeout", "", 1000000, 10000000, " -w 1s ", " -w 10s ", "within 1 s - 10 s, is "},
    {"wait_probe", "", 150000, 2000000, " -W 150ms ", " -W 2s ", "within 150 ms - 2 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"max_probec", "", 50, 65535, " -Q 50 ", " -Q 65535 ", "within 50 - 65535 probes, is "},
};
// clang-format on

TEST(TracelbCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("tracelb", row);
}

TEST(TracelbCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::TracelbParameters::descriptor();
  std::vector<std::string> covered = {"dst", "rtr"};  // In the tests of addresses.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("tracelb", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(TracelbCommandTest, AddressesAreOfOneFamilyAndInTheirOneForm) {
  EXPECT_EQ(CommandOf(Tracelb("dst: '2001:DB8::0001' rtr: 'FE80::01'"), kNewest),
            "tracelb -r fe80::1 2001:db8::1");
  EXPECT_THAT(Violations("dst: '192.0.2.1' rtr: '::1'"),
              ElementsAre("tracelb.rtr: must be an IPv4 address, is '::1'"));
}

TEST(TracelbCommandTest, TcpNeedsIpv4) {
  EXPECT_THAT(Violations("dst: '::1' method: TRACELB_METHOD_TCP_SPORT"),
              ElementsAre("tracelb.method: tcp-sport needs an IPv4 destination"));
  EXPECT_THAT(Violations("dst: '::1' method: TRACELB_METHOD_TCP_ACK_SPORT"),
              ElementsAre("tracelb.method: tcp-ack-sport needs an IPv4 destination"));
  EXPECT_THAT(Violations("dst: '192.0.2.1' method: TRACELB_METHOD_TCP_SPORT"), IsEmpty());
}

TEST(TracelbCommandTest, PortsNeedAMethodThatHasThem) {
  for (const char* port : {"dport", "sport"}) {
    EXPECT_THAT(
        Violations(absl::StrCat("dst: '::1' method: TRACELB_METHOD_ICMP_ECHO ", port, ": 1")),
        ElementsAre(absl::StrCat(
            "tracelb.", port,
            ": needs method udp-dport, udp-sport, tcp-sport or tcp-ack-sport, which is "
            "icmp-echo")));
  }
}

TEST(TracelbCommandTest, TimesAreWholeSecondsAndTensOfMilliseconds) {
  EXPECT_THAT(Violations("dst: '::1' wait_timeout { seconds: 1 nanos: 500000000 }"),
              ElementsAre("tracelb.wait_timeout: must be a multiple of 1 s, is 1500 ms"));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { nanos: 155000000 }"),
              ElementsAre("tracelb.wait_probe: must be a multiple of 10 ms, is 155 ms"));
}

}  // namespace
}  // namespace scamper::records
