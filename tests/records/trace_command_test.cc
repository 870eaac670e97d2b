// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_command.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Trace(absl::string_view text) { return MeasurementOf("trace", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Trace(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Trace(text), kNewest); }

// clang-format off
// The commands of golden recordings of scamper 20260420, but the one that it refused.
const Golden kGolden[] = {
    {"trace -P udp -w 1 -U 0 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_UDP wait_timeout { seconds: 1 } userid: 0",
     "trace -P udp -w 1s -U 0 192.0.2.1",
     "trace -P udp -w 1 -U 0 192.0.2.1"},
    {"trace -P udp -w 1 -U 1 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_UDP wait_timeout { seconds: 1 } userid: 1",
     "trace -P udp -w 1s -U 1 2001:db8:99::1",
     "trace -P udp -w 1 -U 1 2001:db8:99::1"},
    {"trace -P udp-paris -w 1 -U 2 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_UDP_PARIS wait_timeout { seconds: 1 } userid: 2",
     "trace -P udp-paris -w 1s -U 2 192.0.2.1",
     "trace -P udp-paris -w 1 -U 2 192.0.2.1"},
    {"trace -P udp-paris -w 1 -U 3 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_UDP_PARIS wait_timeout { seconds: 1 } userid: 3",
     "trace -P udp-paris -w 1s -U 3 2001:db8:99::1",
     "trace -P udp-paris -w 1 -U 3 2001:db8:99::1"},
    {"trace -P icmp -w 1 -U 4 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_ICMP wait_timeout { seconds: 1 } userid: 4",
     "trace -P icmp -w 1s -U 4 192.0.2.1",
     "trace -P icmp -w 1 -U 4 192.0.2.1"},
    {"trace -P icmp -w 1 -U 5 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_ICMP wait_timeout { seconds: 1 } userid: 5",
     "trace -P icmp -w 1s -U 5 2001:db8:99::1",
     "trace -P icmp -w 1 -U 5 2001:db8:99::1"},
    {"trace -P icmp-paris -w 1 -U 6 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_ICMP_PARIS wait_timeout { seconds: 1 } userid: 6",
     "trace -P icmp-paris -w 1s -U 6 192.0.2.1",
     "trace -P icmp-paris -w 1 -U 6 192.0.2.1"},
    {"trace -P icmp-paris -w 1 -U 7 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_ICMP_PARIS wait_timeout { seconds: 1 } userid: 7",
     "trace -P icmp-paris -w 1s -U 7 2001:db8:99::1",
     "trace -P icmp-paris -w 1 -U 7 2001:db8:99::1"},
    {"trace -P tcp -w 1 -U 8 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_TCP wait_timeout { seconds: 1 } userid: 8",
     "trace -P tcp -w 1s -U 8 192.0.2.1",
     "trace -P tcp -w 1 -U 8 192.0.2.1"},
    {"trace -P tcp -w 1 -U 9 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_TCP wait_timeout { seconds: 1 } userid: 9",
     "trace -P tcp -w 1s -U 9 2001:db8:99::1",
     "trace -P tcp -w 1 -U 9 2001:db8:99::1"},
    {"trace -P tcp-ack -w 1 -U 10 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_TCP_ACK wait_timeout { seconds: 1 } userid: 10",
     "trace -P tcp-ack -w 1s -U 10 192.0.2.1",
     "trace -P tcp-ack -w 1 -U 10 192.0.2.1"},
    {"trace -P tcp-ack -w 1 -U 11 2001:db8:99::1",
     "dst: '2001:db8:99::1' method: TRACE_METHOD_TCP_ACK wait_timeout { seconds: 1 } userid: 11",
     "trace -P tcp-ack -w 1s -U 11 2001:db8:99::1",
     "trace -P tcp-ack -w 1 -U 11 2001:db8:99::1"},
    {"trace -w 1 -g 3 192.0.2.225",
     "dst: '192.0.2.225' gaplimit: 3 wait_timeout { seconds: 1 }",
     "trace -g 3 -w 1s 192.0.2.225",
     "trace -g 3 -w 1 192.0.2.225"},
    {"trace -w 1 192.0.2.130",
     "dst: '192.0.2.130' wait_timeout { seconds: 1 }",
     "trace -w 1s 192.0.2.130",
     "trace -w 1 192.0.2.130"},
    {"trace -w 1 192.0.2.194",
     "dst: '192.0.2.194' wait_timeout { seconds: 1 }",
     "trace -w 1s 192.0.2.194",
     "trace -w 1 192.0.2.194"},
    {"trace -w 1 2001:db8:98::1",
     "dst: '2001:db8:98::1' wait_timeout { seconds: 1 }",
     "trace -w 1s 2001:db8:98::1",
     "trace -w 1 2001:db8:98::1"},
    {"trace -M -P udp-paris 192.0.2.2",
     "dst: '192.0.2.2' method: TRACE_METHOD_UDP_PARIS pmtud: true",
     "trace -P udp-paris -M 192.0.2.2",
     "trace -P udp-paris -M 192.0.2.2"},
    {"trace -M -P icmp-paris 192.0.2.2",
     "dst: '192.0.2.2' method: TRACE_METHOD_ICMP_PARIS pmtud: true",
     "trace -P icmp-paris -M 192.0.2.2",
     "needs scamper 20230224 "},
    {"trace -P icmp-paris -O ptr 192.0.2.3",
     "dst: '192.0.2.3' method: TRACE_METHOD_ICMP_PARIS ptr: true",
     "trace -P icmp-paris -O ptr 192.0.2.3",
     "trace -P icmp-paris -O ptr 192.0.2.3"},
    {"trace -c 95 -P udp-paris 192.0.2.4",
     "dst: '192.0.2.4' method: TRACE_METHOD_UDP_PARIS confidence: 95",
     "trace -P udp-paris -c 95 192.0.2.4",
     "trace -P udp-paris -c 95 192.0.2.4"},
    {"trace -Q -q 3 192.0.2.5",
     "dst: '192.0.2.5' attempts: 3 all_attempts: true",
     "trace -q 3 -Q 192.0.2.5",
     "trace -q 3 -Q 192.0.2.5"},
    {"trace -f 3 -m 4 192.0.2.6",
     "dst: '192.0.2.6' firsthop: 3 hoplimit: 4",
     "trace -f 3 -m 4 192.0.2.6",
     "trace -f 3 -m 4 192.0.2.6"},
    {"trace -t 184 192.0.2.7",
     "dst: '192.0.2.7' tos: 184",
     "trace -t 184 192.0.2.7",
     "trace -t 184 192.0.2.7"},
    {"trace -N 4 -g 8 192.0.2.8",
     "dst: '192.0.2.8' gaplimit: 8 squeries: 4",
     "trace -g 8 -N 4 192.0.2.8",
     "trace -g 8 -N 4 192.0.2.8"},
    {"trace -p 0102030405060708 192.0.2.9",
     "dst: '192.0.2.9' payload: '\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08'",
     "trace -p 0102030405060708 192.0.2.9",
     "trace -p 0102030405060708 192.0.2.9"},
    {"trace -O dl 192.0.2.10",
     "dst: '192.0.2.10' dl: true",
     "trace -O dl 192.0.2.10",
     "trace -O dl 192.0.2.10"},
    {"trace -l 0 -s 40000 -d 33500 -P udp 192.0.2.11",
     "dst: '192.0.2.11' method: TRACE_METHOD_UDP dport: 33500 sport: 40000 loops: 0",
     "trace -P udp -d 33500 -s 40000 -l 0 192.0.2.11",
     "trace -P udp -d 33500 -s 40000 -l 0 192.0.2.11"},
    {"trace -P icmp-paris -d 1234 -s 99 192.0.2.12",
     "dst: '192.0.2.12' method: TRACE_METHOD_ICMP_PARIS icmp_sum: 1234 icmp_id: 99",
     "trace -P icmp-paris -d 1234 -s 99 192.0.2.12",
     "trace -P icmp-paris -d 1234 -s 99 192.0.2.12"},
    {"trace -S 198.51.100.2 192.0.2.13",
     "dst: '192.0.2.13' src: '198.51.100.2'",
     "trace -S 198.51.100.2 192.0.2.13",
     "trace -S 198.51.100.2 192.0.2.13"},
    {"trace -r 198.51.100.1 192.0.2.14",
     "dst: '192.0.2.14' rtr: '198.51.100.1'",
     "trace -r 198.51.100.1 192.0.2.14",
     "trace -r 198.51.100.1 192.0.2.14"},
    {"trace -W 15 -H 0.1 -q 2 -Q 192.0.2.15",
     "dst: '192.0.2.15' attempts: 2 all_attempts: true wait_probe { nanos: 150000000 } "
     "wait_probe_hop { nanos: 100000000 }",
     "trace -q 2 -Q -W 150ms -H 100ms 192.0.2.15",
     "needs scamper 20240503 "},
    {"trace -P tcp -d 80 192.0.2.6",
     "dst: '192.0.2.6' method: TRACE_METHOD_TCP dport: 80",
     "trace -P tcp -d 80 192.0.2.6",
     "trace -P tcp -d 80 192.0.2.6"},
    {"trace -P tcp -d 81 192.0.2.6",
     "dst: '192.0.2.6' method: TRACE_METHOD_TCP dport: 81",
     "trace -P tcp -d 81 192.0.2.6",
     "trace -P tcp -d 81 192.0.2.6"},
    {"trace -O raw -P tcp -d 80 192.0.2.6",
     "dst: '192.0.2.6' method: TRACE_METHOD_TCP dport: 80 raw: true",
     "trace -P tcp -d 80 -O raw 192.0.2.6",
     "needs scamper 20240229 "},
    {"trace -T -G 2 -g 2 -w 1 192.0.2.226",
     "dst: '192.0.2.226' gaplimit: 2 gapaction: TRACE_GAP_ACTION_LASTDITCH wait_timeout { "
     "seconds: 1 } ignore_ttl_dst: true",
     "trace -g 2 -G 2 -w 1s -T 192.0.2.226",
     "trace -g 2 -G 2 -w 1 -T 192.0.2.226"},
    {"trace -O const-payload -P udp-paris 192.0.2.1",
     "dst: '192.0.2.1' method: TRACE_METHOD_UDP_PARIS const_payload: true",
     "trace -P udp-paris -O const-payload 192.0.2.1",
     "trace -P udp-paris -O const-payload 192.0.2.1"},
    {"trace -z 203.0.113.18 192.0.2.1",
     "dst: '192.0.2.1' gss: '203.0.113.18'",
     "trace -z 203.0.113.18 192.0.2.1",
     "trace -z 203.0.113.18 192.0.2.1"},
};

const Boundary kBoundaries[] = {
    {"method", "", 1, 6, " -P icmp ", " -P tcp-ack ",
     "must be one of icmp, udp, tcp, icmp-paris, udp-paris or tcp-ack, is number "},
    {"confidence", "", 95, 99, " -c 95 ", " -c 99 ", "must be 95 or 99 percent, is "},
    {"dport", "", 1, 65535, " -d 1 ", " -d 65535 ", "within 1 - 65535, is "},
    {"sport", "", 0, 65535, " -s 0 ", " -s 65535 ", "within 0 - 65535, is 65536"},
    {"icmp_sum", "", 1, 65535, " -P icmp-paris -d 1 ", " -P icmp-paris -d 65535 ",
     "within 1 - 65535, is "},
    {"icmp_id", "", 0, 65535, " -P icmp-paris -s 0 ", " -P icmp-paris -s 65535 ",
     "within 0 - 65535, is 65536"},
    {"firsthop", "", 1, 255, " -f 1 ", " -f 255 ", "within 1 - 255, is "},
    {"gaplimit", "", 1, 255, " -g 1 ", " -g 255 ", "within 1 - 255 hops, is "},
    {"gapaction", "", 1, 2, " -G 1 ", " -G 2 ", "must be one of stop or lastditch, is number "},
    {"loops", "", 0, 255, " -l 0 ", " -l 255 ", "within 0 - 255, is 256"},
    {"hoplimit", "", 0, 255, " -m 0 ", " -m 255 ", "within 0 - 255, is 256"},
    {"pmtud", "", 0, 1, "trace 192.0.2.1 ", " -M ", ""},
    {"squeries", "gaplimit: 255", 1, 255, " -N 1 ", " -N 255 ", "within 1 - 255 hops, is "},
    {"ptr", "", 0, 1, "trace 192.0.2.1 ", " -O ptr ", ""},
    {"payload", "", 1, 1400, " -p 61 ", "6161 192.0.2.1 ", "must have 1 - 1400 bytes, has "},
    {"attempts", "", 1, 20, " -q 1 ", " -q 20 ", "within 1 - 20, is "},
    {"all_attempts", "", 0, 1, "trace 192.0.2.1 ", " -Q ", ""},
    {"tos", "", 0, 255, " -t 0 ", " -t 255 ", "within 0 - 255, is 256"},
    {"wait_timeout", "", 1000000, 10000000, " -w 1s ", " -w 10s ", "within 1 s - 10 s, is "},
    {"wait_probe", "", 0, 2000000, " -W 0s ", " -W 2s ", "within 0 s - 2 s, is "},
    {"wait_probe_hop", "", 0, 2000000, " -H 0s ", " -H 2s ", "within 0 s - 2 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"offset", "dst: '2001:db8::1'", 0, 8190, " -o 0 ", " -o 8190 ", "within 0 - 8190, is 8191"},
    {"ignore_ttl_dst", "", 0, 1, "trace 192.0.2.1 ", " -T ", ""},
    {"stream", "", 0, 20, " -y 0 ", " -y 20 ", "within 0 - 20 probes, is 21"},
    {"gss", "", 1, 65534, "trace -z 10.0.0.0 192.0.2.1 ", " -z 10.0.255.253 192.0.2.1 ",
     "must be at most 65534 addresses, are 65535"},
    {"lss", "", 1, 255, " -Z 'a' ", "aaa' 192.0.2.1 ",
     "must be 1 - 255 characters of printable ASCII, is '"},
    {"back", "hoplimit: 9", 0, 1, "trace -m 9 192.0.2.1 ", " -O back ", ""},
    {"const_payload", "", 0, 1, "trace 192.0.2.1 ", " -O const-payload ", ""},
    {"dl", "", 0, 1, "trace 192.0.2.1 ", " -O dl ", ""},
    {"dtree_noback", "", 0, 1, "trace 192.0.2.1 ", " -O dtree-noback ", ""},
    {"raw", "method: TRACE_METHOD_TCP", 0, 1, "trace -P tcp 192.0.2.1 ", " -O raw ", ""},
};
// clang-format on

TEST(TraceCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("trace", row);
}

// "trace -o 1 -w 1 -g 2 192.0.2.1" of the recordings, which scamper refused.
TEST(TraceCommandTest, FragmentOffsetNeedsIpv6) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' gaplimit: 2 wait_timeout { seconds: 1 } offset: 1"),
              ElementsAre("trace.offset: needs an IPv6 destination where not 0"));
  EXPECT_EQ(Newest("dst: '192.0.2.1' offset: 0"), "trace -o 0 192.0.2.1");
}

TEST(TraceCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::TraceParameters::descriptor();
  std::vector<std::string> covered = {"dst", "rtr", "src"};  // In the tests of addresses.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("trace", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(TraceCommandTest, DestinationIsMandatory) {
  EXPECT_THAT(Violations(""), ElementsAre("trace.dst: must be an IPv4 or IPv6 address, is ''"));
}

TEST(TraceCommandTest, AddressesArePrintedInTheirOneForm) {
  EXPECT_EQ(Newest("dst: '2001:DB8::0001' rtr: 'FE80::01' src: '2001:db8:0:0::9' gss: '::00A'"),
            "trace -r fe80::1 -S 2001:db8::9 -z ::a 2001:db8::1");
}

TEST(TraceCommandTest, AddressesOfTheOtherFamilyAreRefused) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' rtr: '::1' src: '::2' gss: '192.0.2.2' gss: '::3'"),
              ElementsAre("trace.rtr: must be an IPv4 address, is '::1'",
                          "trace.src: must be an IPv4 address, is '::2'",
                          "trace.gss[1]: must be an IPv4 address, is '::3'"));
}

TEST(TraceCommandTest, StopSetWithAnAddressTwiceIsRefused) {
  EXPECT_THAT(Violations("dst: '::1' gss: '2001:db8::1' gss: '::2' gss: '2001:DB8:0::1'"),
              ElementsAre("trace.gss[2]: must be distinct, '2001:DB8:0::1' is there before"));
}

TEST(TraceCommandTest, ConfidenceIsOneOfTwoValues) {
  for (const int confidence : {0, 96, 97, 98}) {
    EXPECT_THAT(
        Violations(absl::StrCat("dst: '::1' confidence: ", confidence)),
        ElementsAre(absl::StrCat("trace.confidence: must be 95 or 99 percent, is ", confidence)));
  }
}

TEST(TraceCommandTest, IcmpParametersSelectIcmpParis) {
  EXPECT_EQ(Newest("dst: '192.0.2.1' icmp_sum: 1234 icmp_id: 0"),
            "trace -P icmp-paris -d 1234 -s 0 192.0.2.1");
  EXPECT_EQ(Newest("dst: '192.0.2.1' icmp_id: 7 method: TRACE_METHOD_ICMP"),
            "trace -P icmp -s 7 192.0.2.1");
}

TEST(TraceCommandTest, ParametersOfOtherMethodsAreRefused) {
  // The parameter, and the numbers of the methods that it works with.
  const std::vector<std::pair<std::string, std::vector<int>>> rules = {
      {"dport: 1", {2, 3, 5, 6}}, {"sport: 1", {2, 3, 5, 6}},    {"icmp_sum: 1", {4}},
      {"icmp_id: 1", {1, 4}},     {"pmtud: true", {1, 2, 4, 5}}, {"payload: 'a'", {1, 2, 4, 5}},
      {"raw: true", {3, 6}},      {"squeries: 2", {1, 2, 4, 5}},
  };
  for (const auto& [field, methods] : rules) {
    for (int method = 1; method <= 6; ++method) {
      auto measurement = Trace(absl::StrCat("dst: '192.0.2.1' ", field));
      measurement.mutable_trace()->set_method(static_cast<v1::TraceMethod>(method));
      const bool allowed = std::count(methods.begin(), methods.end(), method) != 0;
      EXPECT_EQ(ViolationsOf(measurement).empty(), allowed) << field << " " << method;
    }
  }
  EXPECT_THAT(Violations("dst: '192.0.2.1' dport: 80 icmp_sum: 1"),
              ElementsAre("trace.dport: needs method udp, tcp, udp-paris or tcp-ack, which is "
                          "icmp-paris"));
}

TEST(TraceCommandTest, RawNeedsIpv4) {
  EXPECT_THAT(Violations("dst: '::1' raw: true method: TRACE_METHOD_TCP"),
              ElementsAre("trace.raw: needs an IPv4 destination"));
}

TEST(TraceCommandTest, ExclusiveParametersAreRefused) {
  EXPECT_THAT(Violations("dst: '::1' confidence: 95 all_attempts: true"),
              ElementsAre("trace.confidence: must not be together with all_attempts"));
  EXPECT_THAT(Violations("dst: '::1' pmtud: true firsthop: 2"),
              ElementsAre("trace.pmtud: must not be together with firsthop > 1"));
  EXPECT_THAT(Violations("dst: '::1' pmtud: true firsthop: 1"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' pmtud: true gss: '::2'"),
              ElementsAre("trace.pmtud: must not be together with gss or lss"));
  EXPECT_THAT(Violations("dst: '::1' pmtud: true lss: 'x'"),
              ElementsAre("trace.pmtud: must not be together with gss or lss"));
}

TEST(TraceCommandTest, FirsthopIsNotBeyondHoplimit) {
  EXPECT_THAT(Violations("dst: '::1' firsthop: 5 hoplimit: 5"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' firsthop: 5 hoplimit: 0"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' firsthop: 5 hoplimit: 4"),
              ElementsAre("trace.firsthop: must not be beyond hoplimit, which is 4, is 5"));
}

TEST(TraceCommandTest, BackwardsNeedsAHoplimit) {
  EXPECT_THAT(Violations("dst: '::1' back: true"),
              ElementsAre("trace.back: needs a hoplimit of 1 - 255"));
  EXPECT_THAT(Violations("dst: '::1' back: true hoplimit: 0"),
              ElementsAre("trace.back: needs a hoplimit of 1 - 255"));
}

TEST(TraceCommandTest, SqueriesStayWithinTheGaplimit) {
  EXPECT_THAT(Violations("dst: '::1' squeries: 5"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' squeries: 6"),
              ElementsAre("trace.squeries: must not be greater than gaplimit, which is 5 hops, is "
                          "6"));
  EXPECT_THAT(Violations("dst: '::1' squeries: 2 method: TRACE_METHOD_TCP"),
              ElementsAre("trace.squeries: must be 1 with a TCP method, is 2"));
}

TEST(TraceCommandTest, TimesHaveTheirGranularity) {
  EXPECT_THAT(Violations("dst: '::1' wait_timeout { seconds: 1 nanos: 500000000 }"),
              ElementsAre("trace.wait_timeout: must be a multiple of 1 s, is 1500 ms"));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { nanos: 15000000 }"),
              ElementsAre("trace.wait_probe: must be a multiple of 10 ms, is 15 ms"));
  EXPECT_EQ(Newest("dst: '::1' wait_probe_hop { nanos: 1000 }"), "trace -H 1us ::1");
}

TEST(TraceCommandTest, OldDaemonGetsTimesInTheirOwnUnits) {
  const auto trace =
      Trace("dst: '::1' wait_timeout { seconds: 10 } wait_probe { seconds: 1 nanos: 10000000 }");
  EXPECT_EQ(CommandOf(trace, kDebian), "trace -w 10 -W 101 ::1");
  EXPECT_EQ(CommandOf(trace, 20240116), "trace -w 10 -W 101 ::1");
  EXPECT_EQ(CommandOf(trace, 20240117), "trace -w 10s -W 1010ms ::1");
  EXPECT_EQ(CommandOf(Trace("dst: '::1' wait_probe {}"), kDebian), "trace -W 0 ::1");
}

TEST(TraceCommandTest, WhatADaemonDoesNotKnowIsRefusedWithTheVersion) {
  const std::vector<std::pair<std::string, int>> rows = {
      {"squeries: 1", 20211026},
      {"ptr: true", 20211026},
      {"wait_probe_hop {}", 20240503},
      {"stream: 0", 20250603},
      {"back: true hoplimit: 9", 20260331},
      {"raw: true method: TRACE_METHOD_TCP", 20240229},
      {"sport: 0", 20230614},
      {"icmp_id: 0", 20230614},
      {"pmtud: true method: TRACE_METHOD_ICMP", 20230224},
  };
  ExpectNeeds(rows, Trace);
}

TEST(TraceCommandTest, NameOfAStopSetIsQuoted) {
  const auto lss = [](const char* name) {
    v1::Measurement measurement = Trace("dst: '::1'");
    measurement.mutable_trace()->set_lss(name);
    return measurement;
  };
  EXPECT_EQ(CommandOf(lss("it's a \\ \""), kNewest), R"(trace -Z 'it\'s a \\ "' ::1)");
  EXPECT_EQ(CommandOf(lss("a \\ \""), kDebian), R"(trace -Z 'a \ "' ::1)");
  EXPECT_EQ(CommandOf(lss("it's"), kDebian), R"(trace -Z "it's" ::1)");
  EXPECT_EQ(CommandOf(lss("it's \""), kDebian),
            "FAILED_PRECONDITION: trace.lss with both ' and \" needs scamper 20240117 or newer, "
            "the instance has 20211212");
}

}  // namespace
}  // namespace scamper::records
