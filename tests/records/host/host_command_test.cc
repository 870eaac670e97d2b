// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_command.h"

#include <set>
#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Dns(absl::string_view text) { return MeasurementOf("dns", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Dns(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Dns(text), kNewest); }

// clang-format off
// Commands of the golden recordings.
const Golden kGolden[] = {
    {"host -s 192.0.2.1 -t A -U 0 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_A userid: 0",
     "host -s 192.0.2.1 -t A -U 0 example.test", "needs scamper 20230224 "},
    {"host -s 192.0.2.1 -t AAAA -U 1 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_AAAA userid: 1",
     "host -s 192.0.2.1 -t AAAA -U 1 example.test", "needs scamper 20230224 "},
    {"host -s 192.0.2.1 -t NS -U 2 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_NS userid: 2",
     "host -s 192.0.2.1 -t NS -U 2 example.test", "needs scamper 20230224 "},
    {"host -s 192.0.2.1 -t SOA -U 3 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_SOA userid: 3",
     "host -s 192.0.2.1 -t SOA -U 3 example.test", "needs scamper 20230605 "},
    {"host -s 192.0.2.1 -t MX -U 4 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_MX userid: 4",
     "host -s 192.0.2.1 -t MX -U 4 example.test", "needs scamper 20230224 "},
    {"host -s 192.0.2.1 -t TXT -U 5 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_TXT userid: 5",
     "host -s 192.0.2.1 -t TXT -U 5 example.test", "needs scamper 20240503 "},
    {"host -s 192.0.2.1 -t PTR -U 9 192.0.2.7",
     "qname: '192.0.2.7' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_PTR userid: 9",
     "host -s 192.0.2.1 -t PTR -U 9 192.0.2.7", "needs scamper 20230224 "},
    {"host -s 192.0.2.1 -t HTTPS -U 10 svc.example.test",
     "qname: 'svc.example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_HTTPS userid: 10",
     "host -s 192.0.2.1 -t HTTPS -U 10 svc.example.test", "needs scamper 20260331 "},
    {"host -s 192.0.2.1 -t SVCB -U 11 svc.example.test",
     "qname: 'svc.example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_SVCB userid: 11",
     "host -s 192.0.2.1 -t SVCB -U 11 svc.example.test", "needs scamper 20250227 "},
    {"host -s 2001:db8:99::1 -t NS example.test",
     "qname: 'example.test' server: '2001:db8:99::1' qtype: HOST_QUERY_TYPE_NS",
     "host -s 2001:db8:99::1 -t NS example.test", "needs scamper 20230224 "},
    {"host -T -s 192.0.2.1 example.test", "qname: 'example.test' server: '192.0.2.1' tcp: true",
     "host -s 192.0.2.1 -T example.test", "needs scamper 20240503 "},
    {"host -r -s 192.0.2.1 example.test", "qname: 'example.test' server: '192.0.2.1' rd: false",
     "host -s 192.0.2.1 -r example.test", "host -s 192.0.2.1 -r example.test"},
    {"host -O nsid -t SOA -s 192.0.2.1 example.test",
     "qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_SOA nsid: true",
     "host -s 192.0.2.1 -t SOA -O nsid example.test", "needs scamper 20230605 "},
    {"host -c CH -t TXT -s 192.0.2.1 version.bind",
     "qname: 'version.bind' server: '192.0.2.1' qclass: HOST_QUERY_CLASS_CH "
     "qtype: HOST_QUERY_TYPE_TXT",
     "host -s 192.0.2.1 -c CH -t TXT version.bind", "needs scamper 20240503 "},
    {"host -W 1 -R 1 -s 192.0.2.9 example.test",
     "qname: 'example.test' server: '192.0.2.9' attempts: 2 wait_timeout { seconds: 1 }",
     "host -s 192.0.2.9 -R 1 -W 1s example.test", "host -s 192.0.2.9 -R 1 -W 1 example.test"},
};

const Boundary kBoundaries[] = {
    {"qclass", "", 1, 1, " -c IN ", " -c IN ", "must be one of IN or CH, is number "},
    {"qclass", "", 3, 3, " -c CH ", " -c CH ", "must be one of IN or CH, is number "},
    {"qtype", "", 1, 2, " -t A ", " -t NS ",
     "must be one of A, NS, SOA, PTR, MX, TXT, AAAA, SVCB or HTTPS, is number "},
    {"qtype", "", 64, 65, " -t SVCB ", " -t HTTPS ",
     "must be one of A, NS, SOA, PTR, MX, TXT, AAAA, SVCB or HTTPS, is number "},
    {"attempts", "", 1, 4, " -R 0 ", " -R 3 ", "within 1 - 4, is "},
    {"rd", "", 0, 1, "host -r example.test ", "host example.test ", ""},
    {"wait_timeout", "", 1000000, 5000000, " -W 1s ", " -W 5s ", "within 1 s - 5 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"tcp", "", 0, 1, "host example.test ", " -T ", ""},
    {"nsid", "", 0, 1, "host example.test ", " -O nsid ", ""},
};
// clang-format on

TEST(DnsCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("dns", row);
}

TEST(DnsCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::DnsParameters::descriptor();
  std::set<std::string> covered = {"qname", "server", "ecs"};  // In tests of their own.
  for (const Boundary& row : kBoundaries) {
    if (row.min != 3 && row.min != 1) {
      ExpectBoundary("dns", descriptor, row);
    } else {
      EXPECT_THAT(absl::StrCat(CommandAt("dns", row, row.min), " "), HasSubstr(row.at_min));
      EXPECT_THAT(absl::StrCat(CommandAt("dns", row, row.max), " "), HasSubstr(row.at_max));
      EXPECT_THAT(CommandAt("dns", row, 0), HasSubstr(row.range));
      EXPECT_THAT(CommandAt("dns", row, 5), HasSubstr(row.range));
    }
    covered.insert(row.field);
  }
  ExpectEveryFieldCovered(descriptor, {covered.begin(), covered.end()});
}

TEST(DnsCommandTest, ANameIsSentAsItIs) {
  for (const char* name : {"a", "Example.Test", "_dmarc.example.test", "a-b.c",
                           "xn--bcher-kva.test", ".", "1", "127.1"}) {
    EXPECT_EQ(Newest(absl::StrCat("qname: '", name, "'")), absl::StrCat("host ", name));
  }
  const std::string label(63, 'a');
  const std::string longest =
      absl::StrCat(label, ".", label, ".", label, ".", std::string(61, 'b'));
  EXPECT_EQ(longest.size(), 253u);
  EXPECT_EQ(Newest(absl::StrCat("qname: '", longest, ".'")), absl::StrCat("host ", longest));
}

TEST(DnsCommandTest, WhatIsNoNameIsRefused) {
  const std::string label(63, 'a');
  for (const std::string& name :
       {std::string("a..b"), std::string(".a"), std::string("a.."), std::string("-a"),
        std::string("a b"), std::string("a/b"), std::string(64, 'a'), std::string("fe80::1%eth0"),
        absl::StrCat(label, ".", label, ".", label, ".", std::string(62, 'b'))}) {
    const auto violations = Violations(absl::StrCat("qname: '", name, "'"));
    ASSERT_EQ(violations.size(), 1u) << name;
    EXPECT_THAT(violations[0], HasSubstr("dns.qname: must be a host name of letters, digits,"));
  }
  EXPECT_THAT(Violations("qname: '::ffff:192.0.2.1'"),
              ElementsAre(HasSubstr("dns.qname: must not be an IPv4-mapped")));
}

TEST(DnsCommandTest, AnAddressIsForPtrOnlyAndPtrForAddresses) {
  EXPECT_EQ(Newest("qname: '2001:DB8::7'"), "host 2001:db8::7");
  EXPECT_THAT(Violations("qname: '192.0.2.7' qtype: HOST_QUERY_TYPE_A"),
              ElementsAre("dns.qtype: must be PTR for an address as qname"));
  EXPECT_THAT(Violations("qname: 'a.test' qtype: HOST_QUERY_TYPE_PTR"),
              ElementsAre("dns.qtype: PTR needs an address as qname"));
}

TEST(DnsCommandTest, OneAttemptOverTcp) {
  EXPECT_EQ(Newest("qname: 'a' tcp: true attempts: 1"), "host -R 0 -T a");
  EXPECT_THAT(Violations("qname: 'a' tcp: true attempts: 2"),
              ElementsAre("dns.attempts: must be 1 with tcp, is 2"));
}

TEST(DnsCommandTest, TheServerIsAnAddressOfEitherFamily) {
  EXPECT_EQ(Newest("qname: 'a' server: '2001:DB8::1'"), "host -s 2001:db8::1 a");
  EXPECT_THAT(Violations("qname: 'a' server: 'ns.test'"),
              ElementsAre("dns.server: must be an IPv4 or IPv6 address, is 'ns.test'"));
}

TEST(DnsCommandTest, AClientSubnetIsAnAddressAndALength) {
  EXPECT_EQ(Newest("qname: 'a' ecs: '2001:DB8::/128'"), "host -O subnet=2001:db8::/128 a");
  EXPECT_EQ(Newest("qname: 'a' ecs: '192.0.2.0/0'"), "host -O subnet=192.0.2.0/0 a");
  for (const char* ecs : {"192.0.2.0", "192.0.2.0/", "192.0.2.0/33", "2001:db8::/129", "a/8",
                          "192.0.2.0/-1", "192.0.2.0/8/8", "192.0.2.0/ 8", "192.0.2.0/0x8"}) {
    EXPECT_THAT(Violations(absl::StrCat("qname: 'a' ecs: '", ecs, "'")),
                ElementsAre(HasSubstr("dns.ecs: must be ADDRESS/LENGTH with a length of 0 - 32")))
        << ecs;
  }
}

TEST(DnsCommandTest, TimesOfOldDaemonsAreWholeSeconds) {
  const auto dns = Dns("qname: 'a' wait_timeout { seconds: 1 nanos: 500000000 }");
  EXPECT_EQ(CommandOf(dns, kNewest), "host -W 1500ms a");
  EXPECT_THAT(CommandOf(dns, 20230224), HasSubstr("of 1500 ms needs scamper 20240117 or newer"));
  EXPECT_EQ(CommandOf(Dns("qname: 'a' wait_timeout { seconds: 2 }"), 20230224), "host -W 2 a");
  EXPECT_THAT(Violations("qname: 'a' wait_timeout { seconds: 1 nanos: 500000 }"),
              ElementsAre("dns.wait_timeout: must be a multiple of 1 ms, is 1000500 us"));
}

TEST(DnsCommandTest, WhatADaemonDoesNotKnowIsRefusedWithTheVersion) {
  ExpectNeeds({{"qtype: HOST_QUERY_TYPE_NS", 20230224},
               {"server: '2001:db8::53'", 20230224},
               {"userid: 1", 20230224},
               {"tcp: true", 20240503},
               {"qclass: HOST_QUERY_CLASS_IN", 20240503},
               {"nsid: true", 20240916},
               {"ecs: '192.0.2.0/24'", 20250227},
               {"qtype: HOST_QUERY_TYPE_SOA", 20230605},
               {"qtype: HOST_QUERY_TYPE_HTTPS", 20260331}},
              Dns, BaseOf("dns"));
}

}  // namespace
}  // namespace scamper::records
