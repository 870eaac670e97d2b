// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Tbit(absl::string_view text) { return MeasurementOf("tbit", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Tbit(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Tbit(text), kNewest); }

// clang-format off
const Golden kGolden[] = {
    {"tbit -t pmtud -m 1200 -u http://web.example.test/big.txt 192.0.2.6",
     "dst: '192.0.2.6' method: TBIT_TYPE_PMTUD mss: 1200 url: 'http://web.example.test/big.txt'",
     "tbit -t pmtud -u 'http://web.example.test/big.txt' -m 1200 192.0.2.6",
     "tbit -t pmtud -u 'http://web.example.test/big.txt' -m 1200 192.0.2.6"},
    {"tbit -t icw -u http://web.example.test/big.txt 192.0.2.6",
     "dst: '192.0.2.6' method: TBIT_TYPE_ICW url: 'http://web.example.test/big.txt'",
     "tbit -t icw -u 'http://web.example.test/big.txt' 192.0.2.6",
     "tbit -t icw -u 'http://web.example.test/big.txt' 192.0.2.6"},
    {"tbit -t null -s 1400 -O tcpts -O sack -O fo -u http://web.example.test/big.txt "
     "2001:db8:99::6",
     "dst: '2001:db8:99::6' method: TBIT_TYPE_NULL sport: 1400 tcpts: true sack: true fo: true "
     "url: 'http://web.example.test/big.txt'",
     "tbit -t null -u 'http://web.example.test/big.txt' -s 1400 -O tcpts -O sack -O fo "
     "2001:db8:99::6",
     "tbit -t null -u 'http://web.example.test/big.txt' -s 1400 -O tcpts -O sack -O fo "
     "2001:db8:99::6"},
};

const Boundary kBoundaries[] = {
    {"dport", "", 1, 65535, " -d 1 ", " -d 65535 ", "within 1 - 65535, is "},
    {"sport", "", 1, 65535, " -s 1 ", " -s 65535 ", "within 1 - 65535, is "},
    {"asn", "app: TBIT_APP_BGP", 0, 65535, " -b 0 ", " -b 65535 ", "within 0 - 65535, is 65536"},
    {"mss", "", 0, 65535, " -m 0 ", " -m 65535 ", "within 0 - 65535 bytes, is 65536"},
    {"mtu", "", 0, 65535, " -M 0 ", " -M 65535 ", "within 0 - 65535 bytes, is 65536"},
    {"offset", "method: TBIT_TYPE_BLIND_DATA", -2147483647, 2147483647, " -o -2147483647 ",
     " -o 2147483647 ", "within -2147483647 - 2147483647, is -2147483648"},
    {"blackhole", "method: TBIT_TYPE_PMTUD", 0, 1, "tbit -t pmtud 192.0.2.1 ", " -O blackhole ", ""},
    {"tcpts", "", 0, 1, "tbit 192.0.2.1 ", " -O tcpts ", ""},
    {"ipts_syn", "", 0, 1, "tbit 192.0.2.1 ", " -O ipts-syn ", ""},
    {"iprr_syn", "", 0, 1, "tbit 192.0.2.1 ", " -O iprr-syn ", ""},
    {"ipqs_syn", "", 0, 1, "tbit 192.0.2.1 ", " -O ipqs-syn ", ""},
    {"sack", "", 0, 1, "tbit 192.0.2.1 ", " -O sack ", ""},
    {"fo", "", 0, 1, "tbit 192.0.2.1 ", " -O fo ", ""},
    {"fo_exp", "", 0, 1, "tbit 192.0.2.1 ", " -O fo-exp ", ""},
    {"attempts", "", 1, 4, " -q 1 ", " -q 4 ", "within 1 - 4, is "},
    {"ttl", "", 1, 255, " -T 1 ", " -T 255 ", "within 1 - 255, is "},
    {"wscale", "", 0, 14, " -w 0 ", " -w 14 ", "within 0 - 14, is 15"},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};
// clang-format on

TEST(TbitCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("tbit", row);
}

TEST(TbitCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::TbitParameters::descriptor();
  // In tests of their own.
  std::vector<std::string> covered = {"dst", "method", "app", "url", "cookie", "ptbsrc", "src"};
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("tbit", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(TbitCommandTest, EveryTypeButAbcCanBeAskedFor) {
  const std::vector<std::string> words = {"",          "pmtud",     "ecn",      "null",
                                          "sack-rcvr", "icw",       "abc",      "blind-data",
                                          "blind-rst", "blind-syn", "blind-fin"};
  for (int type = 0; type < 12; ++type) {
    const std::string text = absl::StrCat("dst: '::1' method: ", type);
    if (type == 0 || type == 6 || type == 11) {
      EXPECT_THAT(Violations(text), ElementsAre(HasSubstr("tbit.method: must be one of pmtud,")));
    } else {
      EXPECT_EQ(Newest(text), absl::StrCat("tbit -t ", words[type], " ::1"));
    }
  }
}

TEST(TbitCommandTest, TheApplicationIsHttpOrBgp) {
  EXPECT_EQ(Newest("dst: '::1' app: TBIT_APP_HTTP"), "tbit -p http ::1");
  EXPECT_EQ(Newest("dst: '::1' app: TBIT_APP_BGP asn: 65000"), "tbit -p bgp -b 65000 ::1");
  EXPECT_THAT(Violations("dst: '::1' app: TBIT_APP_FTP"),
              ElementsAre("tbit.app: must be one of http or bgp, is number 4"));
  EXPECT_THAT(Violations("dst: '::1' asn: 1"), ElementsAre("tbit.asn: needs app bgp"));
}

TEST(TbitCommandTest, ACookieIsOfWholeWords) {
  for (size_t size = 0; size <= 20; ++size) {
    v1::Measurement measurement = Tbit("dst: '::1'");
    measurement.mutable_tbit()->set_cookie(std::string(size, '\x5a'));
    if (size % 4 == 0 && size >= 4 && size <= 16) {
      std::string hex;
      for (size_t i = 0; i < size; ++i) hex += "5a";
      EXPECT_EQ(CommandOf(measurement, kNewest), absl::StrCat("tbit -f ", hex, " ::1"));
    } else {
      EXPECT_THAT(
          ViolationsOf(measurement),
          ElementsAre(absl::StrCat("tbit.cookie: must have 4, 8, 12 or 16 bytes, has ", size)));
    }
  }
}

TEST(TbitCommandTest, ThePortIsThatOfTheUrl) {
  EXPECT_EQ(Newest("dst: '::1' url: 'http://a:81/' dport: 81"), "tbit -u 'http://a:81/' -d 81 ::1");
  EXPECT_THAT(Violations("dst: '::1' url: 'http://a/' dport: 81"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' url: 'http://a:80/' dport: 81"),
              ElementsAre("tbit.dport: must be the port of the url, which is 80, is 81"));
  EXPECT_THAT(Violations("dst: '::1' url: 'a'"), ElementsAre(HasSubstr("tbit.url: must be http")));
}

TEST(TbitCommandTest, IpOptionsNeedIpv4) {
  EXPECT_THAT(Violations("dst: '::1' iprr_syn: true"),
              ElementsAre("tbit.iprr_syn: needs an IPv4 destination"));
}

TEST(TbitCommandTest, AddressesAreOfOneFamily) {
  EXPECT_EQ(Newest("dst: '2001:DB8::1' ptbsrc: '2001:DB8::2' src: '2001:DB8::3'"),
            "tbit -P 2001:db8::2 -S 2001:db8::3 2001:db8::1");
  EXPECT_THAT(Violations("dst: '192.0.2.1' ptbsrc: '::1' src: '::2'"),
              ElementsAre("tbit.ptbsrc: must be an IPv4 address, is '::1'",
                          "tbit.src: must be an IPv4 address, is '::2'"));
}

TEST(TbitCommandTest, WhatOneTypeHasIsRefusedForOthers) {
  EXPECT_THAT(
      Violations("dst: '::1' offset: 1"),
      ElementsAre("tbit.offset: needs method blind-data, blind-rst, blind-syn or blind-fin, "
                  "which is null"));
  EXPECT_THAT(Violations("dst: '::1' blackhole: true"),
              ElementsAre("tbit.blackhole: needs method pmtud, which is null"));
}

TEST(TbitCommandTest, AUrlWithBothQuotesNeedsANewDaemon) {
  v1::Measurement measurement = Tbit("dst: '::1'");
  measurement.mutable_tbit()->set_url("http://a/'\"\\");
  EXPECT_EQ(CommandOf(measurement, kNewest), R"(tbit -u 'http://a/\'"\\' ::1)");
  EXPECT_THAT(CommandOf(measurement, kDebian), HasSubstr("needs scamper 20240117"));
}

}  // namespace
}  // namespace scamper::records
