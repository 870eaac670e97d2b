// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_command.h"

#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Violations(absl::string_view kind, absl::string_view text) {
  return ViolationsOf(MeasurementOf(kind, text));
}

std::string Newest(absl::string_view kind, absl::string_view text) {
  return CommandOf(MeasurementOf(kind, text), kNewest);
}

std::string Debian(absl::string_view kind, absl::string_view text) {
  return CommandOf(MeasurementOf(kind, text), kDebian);
}

// clang-format off
struct KindGolden {
  const char* kind;
  Golden golden;
};

// Commands of the golden recordings.
const KindGolden kGolden[] = {
    {"mercator", {"dealias -m mercator 203.0.113.2", "dst: '203.0.113.2'",
     "dealias -m mercator 203.0.113.2", "dealias -m mercator 203.0.113.2"}},
    {"ally", {"dealias -m ally -W 50 203.0.113.9 203.0.113.2",
     "dst1: '203.0.113.9' dst2: '203.0.113.2' wait_probe { nanos: 50000000 }",
     "dealias -m ally -W 50ms 203.0.113.9 203.0.113.2",
     "dealias -m ally -W 50 203.0.113.9 203.0.113.2"}},
    {"ally", {"dealias -m ally -W 50 -f 500 -O nobs -p '-P udp -d 40000' 192.0.2.1 192.0.2.2",
     "dst1: '192.0.2.1' dst2: '192.0.2.2' wait_probe { nanos: 50000000 } fudge: 500 nobs: true "
     "method: DEALIAS_PROBE_METHOD_UDP dport: 40000",
     "dealias -m ally -p '-P udp -d 40000' -f 500 -W 50ms -O nobs 192.0.2.1 192.0.2.2",
     "dealias -m ally -p '-P udp -d 40000' -f 500 -W 50 -O nobs 192.0.2.1 192.0.2.2"}},
    {"ally", {"dealias -m ally -W 50 -p '-P tcp-ack-sport -d 80' 203.0.113.10 203.0.113.14",
     "dst1: '203.0.113.10' dst2: '203.0.113.14' wait_probe { nanos: 50000000 } "
     "probedefs { method: DEALIAS_PROBE_METHOD_TCP_ACK_SPORT dport: 80 }",
     "dealias -m ally -p '-P tcp-ack-sport -d 80' -W 50ms 203.0.113.10 203.0.113.14",
     "dealias -m ally -p '-P tcp-ack-sport -d 80' -W 50 203.0.113.10 203.0.113.14"}},
    {"ally", {"dealias -m ally -W 50 2001:db8:99::1 2001:db8:99::2",
     "dst1: '2001:DB8:99::1' dst2: '2001:db8:99:0::2' wait_probe { nanos: 50000000 }",
     "dealias -m ally -W 50ms 2001:db8:99::1 2001:db8:99::2",
     "dealias -m ally -W 50 2001:db8:99::1 2001:db8:99::2"}},
    {"prefixscan",
     {"dealias -m prefixscan -W 30 -p '-P udp -d 33435' 203.0.113.9 203.0.113.10/29",
     "near: '203.0.113.9' far: '203.0.113.10' prefixlen: 29 wait_probe { nanos: 30000000 } "
     "method: DEALIAS_PROBE_METHOD_UDP dport: 33435",
     "dealias -m prefixscan -p '-P udp -d 33435' -W 30ms 203.0.113.9 203.0.113.10/29",
     "dealias -m prefixscan -p '-P udp -d 33435' -W 30 203.0.113.9 203.0.113.10/29"}},
    {"radargun",
     {"dealias -m radargun -W 20 -r 200 -q 3 -p '-P icmp-echo' 192.0.2.1 192.0.2.2 192.0.2.3",
     "addrs: '192.0.2.1' addrs: '192.0.2.2' addrs: '192.0.2.3' rounds: 3 "
     "wait_probe { nanos: 20000000 } wait_round { nanos: 200000000 } "
     "probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO }",
     "dealias -m radargun -p '-P icmp-echo' -q 3 -W 20ms -r 200ms 192.0.2.1 192.0.2.2 192.0.2.3",
     "dealias -m radargun -p '-P icmp-echo' -q 3 -W 20 -r 200 192.0.2.1 192.0.2.2 192.0.2.3"}},
    {"radargun",
     {"dealias -m radargun -W 20 -r 200 -q 2 -O shuffle -p '-P udp -i 192.0.2.4' "
      "-p '-P tcp-ack -d 80 -i 192.0.2.5'",
     "rounds: 2 wait_probe { nanos: 20000000 } wait_round { nanos: 200000000 } shuffle: true "
     "probedefs { method: DEALIAS_PROBE_METHOD_UDP dst: '192.0.2.4' } "
     "probedefs { method: DEALIAS_PROBE_METHOD_TCP_ACK dport: 80 dst: '192.0.2.5' }",
     "dealias -m radargun -p '-P udp -i 192.0.2.4' -p '-P tcp-ack -i 192.0.2.5 -d 80' -q 2 "
     "-W 20ms -r 200ms -O shuffle",
     "dealias -m radargun -p '-P udp -i 192.0.2.4' -p '-P tcp-ack -i 192.0.2.5 -d 80' -q 2 "
     "-W 20 -r 200 -O shuffle"}},
    {"bump",
     {"dealias -m bump -W 50 -p '-P icmp-echo -i 192.0.2.1' -p '-P icmp-echo -i 192.0.2.2'",
     "wait_probe { nanos: 50000000 } "
     "probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO dst: '192.0.2.1' } "
     "probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO dst: '192.0.2.2' }",
     "dealias -m bump -p '-P icmp-echo -i 192.0.2.1' -p '-P icmp-echo -i 192.0.2.2' -W 50ms",
     "dealias -m bump -p '-P icmp-echo -i 192.0.2.1' -p '-P icmp-echo -i 192.0.2.2' -W 50"}},
    {"midarest",
     {"dealias -m midarest -W 20 -r 200 -q 3 -p '-P icmp-echo' -p '-P udp' 192.0.2.1 192.0.2.2",
     "addrs: '192.0.2.1' addrs: '192.0.2.2' rounds: 3 wait_probe { nanos: 20000000 } "
     "wait_round { nanos: 200000000 } probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO } "
     "probedefs { method: DEALIAS_PROBE_METHOD_UDP }",
     "dealias -m midarest -p '-P icmp-echo' -p '-P udp' -q 3 -W 20ms -r 200ms 192.0.2.1 192.0.2.2",
     "needs scamper 20240117 "}},
    {"midardisc",
     {"dealias -m midardisc -S 0:0:1 -S 0.5:1:2 -S 1:2:3 -p '-P icmp-echo -i 192.0.2.1' "
      "-p '-P udp -d 40000 -i 192.0.2.2' -p '-P tcp-ack -d 80 -i 192.0.2.3' "
      "-p '-P icmp-echo -c 255 -i 192.0.2.4'",
     "schedule { start {} begin: 0 end: 1 } schedule { start { nanos: 500000000 } begin: 1 end: 2 } "
     "schedule { start { seconds: 1 } begin: 2 end: 3 } "
     "probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO dst: '192.0.2.1' } "
     "probedefs { method: DEALIAS_PROBE_METHOD_UDP dport: 40000 dst: '192.0.2.2' } "
     "probedefs { method: DEALIAS_PROBE_METHOD_TCP_ACK dport: 80 dst: '192.0.2.3' } "
     "probedefs { method: DEALIAS_PROBE_METHOD_ICMP_ECHO icmp_sum: 255 dst: '192.0.2.4' }",
     "dealias -m midardisc -p '-P icmp-echo -i 192.0.2.1' -p '-P udp -i 192.0.2.2 -d 40000' "
     "-p '-P tcp-ack -i 192.0.2.3 -d 80' -p '-P icmp-echo -i 192.0.2.4 -c 255' -S 0:0:1 "
     "-S 0.5:1:2 -S 1:2:3",
     "needs scamper 20240117 "}},
};

const Boundary kMercator[] = {
    {"attempts", "", 1, 3, " -q 1 ", " -q 3 ", "within 1 - 3, is "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};

const Boundary kAlly[] = {
    {"method", "", 1, 6, " -p '-P icmp-echo' ", " -p '-P tcp-syn-sport' ",
     "must be one of icmp-echo, tcp-ack, udp, tcp-ack-sport, udp-dport or tcp-syn-sport, is "},
    {"sport", "", 1, 65535, " -p '-F 1' ", " -p '-F 65535' ", "within 1 - 65535, is "},
    {"dport", "", 1, 65535, " -p '-d 1' ", " -p '-d 65535' ", "within 1 - 65535, is "},
    {"icmp_sum", "", 0, 65535, " -p '-P icmp-echo -c 0' ", " -p '-P icmp-echo -c 65535' ",
     "within 0 - 65535, is 65536"},
    {"attempts", "", 1, 255, " -q 1 ", " -q 255 ", "within 1 - 255, is "},
    {"fudge", "", 0, 65535, " -O inseq ", " -f 65535 ", "within 0 - 65535, is 65536"},
    {"wait_probe", "", 1000, 65535000, " -W 1ms ", " -W 65535ms ", "within 1 ms - 65535 ms, is "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"nobs", "", 0, 1, "dealias -m ally 192.0.2.1 ", " -O nobs ", ""},
};

const Boundary kRadargun[] = {
    {"rounds", "", 1, 255, " -q 1 ", " -q 255 ", "within 1 - 255, is "},
    {"wait_probe", "", 1000, 65535000, " -W 1ms ", " -W 65535ms ", "within 1 ms - 65535 ms, is "},
    {"wait_round", "", 1000, 180000000, " -r 1ms ", " -r 180s ", "within 1 ms - 180 s, is "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"shuffle", "", 0, 1, "dealias -m radargun 192.0.2.1 ", " -O shuffle ", ""},
};

const Boundary kPrefixscan[] = {
    {"prefixlen", "", 24, 31, " 192.0.2.2/24 ", " 192.0.2.2/31 ", "within 24 - 31, is "},
    {"method", "", 1, 6, " -p '-P icmp-echo' ", " -p '-P tcp-syn-sport' ", "must be one of "},
    {"sport", "", 1, 65535, " -p '-F 1' ", " -p '-F 65535' ", "within 1 - 65535, is "},
    {"dport", "", 1, 65535, " -p '-d 1' ", " -p '-d 65535' ", "within 1 - 65535, is "},
    {"icmp_sum", "", 0, 65535, " -p '-P icmp-echo -c 0' ", " -p '-P icmp-echo -c 65535' ",
     "within 0 - 65535, is 65536"},
    {"attempts", "", 1, 255, " -q 1 ", " -q 255 ", "within 1 - 255, is "},
    {"fudge", "", 0, 65535, " -O inseq ", " -f 65535 ", "within 0 - 65535, is 65536"},
    {"wait_probe", "", 1000, 65535000, " -W 1ms ", " -W 65535ms ", "within 1 ms - 65535 ms, is "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"nobs", "", 0, 1, " -p '-P udp' 192.0.2.1 ", " -O nobs ", ""},
    {"replyc", "", 3, 255, " -o 3 ", " -o 255 ", "within 3 - 255 replies, is "},
};

const Boundary kBump[] = {
    {"attempts", "", 1, 255, " -q 1 ", " -q 255 ", "within 1 - 255, is "},
    {"bump_limit", "", 1, 65535, " -f 1 ", " -f 65535 ", "within 1 - 65535, is "},
    {"wait_probe", "", 1000, 65535000, " -W 1ms ", " -W 65535ms ", "within 1 ms - 65535 ms, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};

const Boundary kMidarest[] = {
    {"rounds", "", 1, 255, " -q 1 ", " -q 255 ", "within 1 - 255, is "},
    {"wait_probe", "", 1000, 65535000, " -W 1ms ", " -W 65535ms ", "within 1 ms - 65535 ms, is "},
    {"wait_round", "", 1000, 180000000, " -r 1ms ", " -r 180s ", "within 1 ms - 180 s, is "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};

const Boundary kMidardisc[] = {
    {"startat", "", 0, 253402300799999999, " -@ 0.000000 ", " -@ 253402300799.999999",
     "must be a time since 1970-01-01, has "},
    {"wait_timeout", "", 1000000, 255000000, " -w 1s ", " -w 255s ", "within 1 s - 255 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
};

// Fields of a definition, by the only one of radargun's.
const Boundary kProbedef[] = {
    {"method", "", 1, 6, " -p '-P icmp-echo' ", " -p '-P tcp-syn-sport' ", "must be one of "},
    {"ttl", "", 1, 255, " -p '-t 1' ", " -p '-t 255' ", "within 1 - 255, is "},
    {"size", "", 30, 65535, " -p '-s 30' ", " -p '-s 65535' ", " bytes"},
    {"sport", "", 1, 65535, " -p '-F 1' ", " -p '-F 65535' ", "within 1 - 65535, is "},
    {"dport", "", 1, 65535, " -p '-d 1' ", " -p '-d 65535' ", "within 1 - 65535, is "},
    {"icmp_sum", "method: 1", 0, 65535, " -p '-P icmp-echo -c 0' ",
     " -p '-P icmp-echo -c 65535' ", "within 0 - 65535, is 65536"},
    {"mtu", "", 100, 65535, " -p '-M 100' ", " -p '-M 65535' ", "within 100 - 65535 bytes, is "},
};
// clang-format on

TEST(DealiasCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const KindGolden& row : kGolden) ExpectGolden(row.kind, row.golden);
}

void ExpectBoundaries(const char* kind, absl::Span<const Boundary> rows,
                      std::vector<std::string> others) {
  const auto* descriptor = v1::Measurement::descriptor()->FindFieldByName(kind)->message_type();
  for (const Boundary& row : rows) {
    ExpectBoundary(kind, *descriptor, row);
    others.push_back(row.field);
  }
  ExpectEveryFieldCovered(*descriptor, others);
}

TEST(DealiasCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  // Others are in tests of their own.
  ExpectBoundaries("mercator", kMercator, {"dst", "probedefs"});
  ExpectBoundaries("ally", kAlly, {"dst1", "dst2", "probedefs"});
  ExpectBoundaries("radargun", kRadargun, {"addrs", "probedefs"});
  ExpectBoundaries("prefixscan", kPrefixscan, {"near", "far", "probedefs"});
  ExpectBoundaries("bump", kBump, {"probedefs"});
  ExpectBoundaries("midarest", kMidarest, {"addrs", "probedefs"});
  ExpectBoundaries("midardisc", kMidardisc, {"probedefs", "schedule"});
}

// The command with one definition, its field set; the violations where there are any.
std::string DefinitionAt(const Boundary& row, int64_t value) {
  v1::Measurement measurement =
      MeasurementOf("radargun", absl::StrCat(BaseOf("radargun"), " probedefs { ", row.with, " }"));
  auto* definition = measurement.mutable_radargun()->mutable_probedefs(0);
  SetField(definition, definition->GetDescriptor()->FindFieldByName(row.field), value);
  const auto violations = ViolationsOf(measurement);
  return violations.empty() ? CommandOf(measurement, kNewest) : absl::StrJoin(violations, "\n");
}

TEST(DealiasCommandTest, EveryFieldOfADefinitionIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::DealiasProbedefParameters::descriptor();
  std::vector<std::string> covered = {"dst"};  // In tests of its own.
  for (const Boundary& row : kProbedef) {
    SCOPED_TRACE(row.field);
    covered.push_back(row.field);
    EXPECT_THAT(DefinitionAt(row, row.min), HasSubstr(row.at_min));
    EXPECT_THAT(DefinitionAt(row, row.max), HasSubstr(row.at_max));
    for (const int64_t value : {row.min - 1, row.max + 1}) {
      if (value < 0) continue;
      EXPECT_THAT(DefinitionAt(row, value), HasSubstr(row.range));
      EXPECT_THAT(DefinitionAt(row, value),
                  HasSubstr(absl::StrCat("radargun.probedefs[0].", row.field, ": ")));
    }
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(DealiasCommandTest, TheLeastSizeIsThatOfTheHeaders) {
  const auto sized = [](const char* family, const char* method, int size) {
    return Violations("radargun",
                      absl::StrCat(family, " probedefs { method: ", method, " size: ", size, " }"));
  };
  const char* v4 = "addrs: '192.0.2.1' addrs: '192.0.2.2'";
  const char* v6 = "addrs: '::1' addrs: '::2'";
  const char* tcp = "DEALIAS_PROBE_METHOD_TCP_ACK";
  const char* udp = "DEALIAS_PROBE_METHOD_UDP";
  EXPECT_THAT(sized(v4, udp, 29),
              ElementsAre("radargun.probedefs[0].size: must be at least 30 bytes for the headers "
                          "of the method, is 29"));
  EXPECT_THAT(sized(v4, tcp, 39), ElementsAre(HasSubstr("at least 40 bytes")));
  EXPECT_THAT(sized(v6, udp, 49), ElementsAre(HasSubstr("at least 50 bytes")));
  EXPECT_THAT(sized(v6, tcp, 59), ElementsAre(HasSubstr("at least 60 bytes")));
  EXPECT_THAT(sized(v6, tcp, 60), IsEmpty());
  EXPECT_THAT(sized(v4, udp, 27), ElementsAre(HasSubstr("within 28 - 65535 bytes, is 27")));
  EXPECT_THAT(Debian("ally", BaseOf("ally") + " probedefs { size: 100 }"),
              HasSubstr("ally.probedefs[0].size needs scamper 20230224"));
}

TEST(DealiasCommandTest, ADefinitionsPortsAndChecksumFitItsMethod) {
  const std::string base = BaseOf("ally");
  EXPECT_THAT(Violations("ally", base + " probedefs { method: 1 sport: 1 dport: 1 }"),
              ElementsAre(HasSubstr("ally.probedefs[0].sport: needs method tcp-ack, udp,"),
                          HasSubstr("ally.probedefs[0].dport: needs method tcp-ack, udp,")));
  EXPECT_THAT(Violations("ally", base + " probedefs { icmp_sum: 1 }"),
              ElementsAre("ally.probedefs[0].icmp_sum: needs method icmp-echo, which is udp"));
  EXPECT_THAT(Violations("ally", base + " icmp_sum: 1 method: DEALIAS_PROBE_METHOD_UDP"),
              ElementsAre("ally.icmp_sum: needs method icmp-echo, which is udp"));
  EXPECT_THAT(Violations("prefixscan", BaseOf("prefixscan") + " icmp_sum: 1 dport: 7"),
              ElementsAre(HasSubstr("prefixscan.dport: needs method ")));
}

TEST(DealiasCommandTest, MercatorTakesOneDefinitionOfUdpWithoutAddress) {
  const std::string base = BaseOf("mercator");
  EXPECT_EQ(Newest("mercator", base + " probedefs { dport: 40000 ttl: 9 }"),
            "dealias -m mercator -p '-t 9 -d 40000' 192.0.2.1");
  EXPECT_THAT(Debian("mercator", base + " probedefs { dport: 40000 }"),
              HasSubstr("mercator.probedefs needs scamper 20230224"));
  EXPECT_THAT(Violations("mercator", base + " probedefs { method: 5 }"),
              ElementsAre("mercator.probedefs[0].method: must be udp"));
  EXPECT_THAT(Violations("mercator", base + " probedefs {} probedefs {}"),
              ElementsAre("mercator.probedefs: must be at most 1, are 2"));
  EXPECT_THAT(
      Violations("mercator", base + " probedefs { dst: '192.0.2.1' }"),
      ElementsAre(
          "mercator.probedefs[0].dst: must not be given: the measurement has the addresses"));
}

TEST(DealiasCommandTest, AllyTakesAddressesOrDefinitionsThatHaveThem) {
  EXPECT_EQ(
      Newest("ally", "dst1: '192.0.2.1' dst2: '192.0.2.2' probedefs {} probedefs { method: 1 }"),
      "dealias -m ally -p '-P udp' -p '-P icmp-echo' 192.0.2.1 192.0.2.2");
  EXPECT_EQ(Newest("ally", "probedefs { dst: '::0001' } probedefs { dst: '::2' }"),
            "dealias -m ally -p '-i ::1' -p '-i ::2'");
  EXPECT_THAT(Violations("ally", ""),
              ElementsAre("ally.dst1: must be an IPv4 or IPv6 address, is ''",
                          "ally.dst2: must be an IPv4 or IPv6 address, is ''"));
  EXPECT_THAT(Violations("ally", BaseOf("ally") + " probedefs {} probedefs {} probedefs {}"),
              ElementsAre("ally.probedefs: must be at most 2, are 3"));
  EXPECT_THAT(Violations("ally", "probedefs { dst: '::1' }"),
              ElementsAre("ally.probedefs: must be 2 where they have a dst, are 1"));
  EXPECT_THAT(Violations("ally", "probedefs { dst: '::1' } probedefs {}"),
              ElementsAre("ally.probedefs[1].dst: must be an IPv6 address, is ''"));
  EXPECT_THAT(
      Violations("ally", BaseOf("ally") + " probedefs { dst: '::1' } probedefs { dst: '::2' }"),
      ElementsAre("ally.dst1: must not be given where probedefs have a dst",
                  "ally.dst2: must not be given where probedefs have a dst"));
}

TEST(DealiasCommandTest, DefinitionsAreGivenInOneWay) {
  for (const char* kind : {"ally", "prefixscan"}) {
    EXPECT_THAT(
        Violations(kind, BaseOf(kind) + " dport: 7 probedefs {}"),
        ElementsAre(absl::StrCat(
            kind, ".probedefs: must not be together with method, sport, dport or icmp_sum")));
  }
}

TEST(DealiasCommandTest, AddressesAreOfOneFamily) {
  EXPECT_THAT(Violations("ally", "dst1: '192.0.2.1' dst2: '::1'"),
              ElementsAre("ally.dst2: must be an IPv4 address, is '::1'"));
  EXPECT_THAT(Violations("radargun", "addrs: '::1' addrs: '192.0.2.1'"),
              ElementsAre("radargun.addrs[1]: must be an IPv6 address, is '192.0.2.1'"));
  EXPECT_THAT(Violations("radargun", "probedefs { dst: '::1' } probedefs { dst: '192.0.2.1' }"),
              ElementsAre("radargun.probedefs[1].dst: must be an IPv6 address, is '192.0.2.1'"));
  for (const char* kind : {"prefixscan", "midarest", "bump"}) {
    const std::string text = std::string(kind) == "prefixscan"
                                 ? "near: '::1' far: '192.0.2.1' prefixlen: 24"
                             : std::string(kind) == "midarest"
                                 ? "addrs: '::1' probedefs {} probedefs {}"
                                 : "probedefs { dst: '::1' } probedefs { dst: '192.0.2.1' }";
    EXPECT_THAT(Violations(kind, text),
                ElementsAre(HasSubstr("must be an IPv4 address, is '::1'")));
  }
}

TEST(DealiasCommandTest, RadargunNeedsTwoPairsOfAddressAndDefinition) {
  EXPECT_THAT(Violations("radargun", "addrs: '::1'"),
              ElementsAre("radargun.addrs: must be at least 2 without probedefs, are 1"));
  EXPECT_THAT(Violations("radargun", "addrs: '::1' probedefs {}"),
              ElementsAre("radargun.addrs: must be at least 2 with one of probedefs, are 1"));
  EXPECT_THAT(Violations("radargun", "probedefs { dst: '::1' }"),
              ElementsAre("radargun.probedefs: must be at least 2 without addrs, are 1"));
  EXPECT_THAT(Violations("radargun", "probedefs {} probedefs {}"),
              Contains("radargun.probedefs[0].dst: must be an IPv4 or IPv6 address, is ''"));
  const char* two = "addrs: '::1' probedefs {} probedefs { dport: 7 }";
  EXPECT_EQ(Newest("radargun", two), "dealias -m radargun -p '-P udp' -p '-d 7' ::1");
  EXPECT_THAT(Debian("radargun", two),
              HasSubstr("radargun.addrs with several probedefs needs scamper 20230224"));
  EXPECT_EQ(Debian("radargun", "addrs: '::1' addrs: '::2' probedefs { dport: 7 }"),
            "dealias -m radargun -p '-d 7' ::1 ::2");
}

TEST(DealiasCommandTest, PrefixscanAlwaysHasOneDefinition) {
  const std::string base = BaseOf("prefixscan");
  EXPECT_EQ(Newest("prefixscan", base + " probedefs {}"),
            "dealias -m prefixscan -p '-P udp' 192.0.2.1 192.0.2.2/30");
  EXPECT_THAT(Violations("prefixscan", base + " probedefs {} probedefs {}"),
              ElementsAre("prefixscan.probedefs: must be at most 1, are 2"));
  EXPECT_THAT(Violations("prefixscan", "near: '192.0.2.1' far: '192.0.2.2'"),
              ElementsAre("prefixscan.prefixlen: must be within 24 - 31, is 0"));
}

TEST(DealiasCommandTest, BumpTakesTwoDefinitions) {
  EXPECT_THAT(Violations("bump", ""), ElementsAre("bump.probedefs: must be exactly 2, are 0"));
  EXPECT_THAT(Violations("bump", BaseOf("bump") + " probedefs { dst: '192.0.2.3' }"),
              ElementsAre("bump.probedefs: must be exactly 2, are 3"));
}

TEST(DealiasCommandTest, MidarestTakesAddressesAndTwoDefinitions) {
  EXPECT_THAT(Violations("midarest", ""),
              ElementsAre("midarest.addrs: must be at least 1 IPv4 address, are 0",
                          "midarest.probedefs: must be at least 2, are 0"));
}

TEST(DealiasCommandTest, ARoundOfMidarestHoldsItsProbes) {
  const char* base =
      "addrs: '192.0.2.1' addrs: '192.0.2.2' probedefs {} probedefs {} "
      "wait_probe { nanos: 50000000 } ";
  EXPECT_THAT(Violations("midarest", absl::StrCat(base, "wait_round { nanos: 200000000 }")),
              IsEmpty());
  EXPECT_THAT(Violations("midarest", absl::StrCat(base, "wait_round { nanos: 199000000 }")),
              ElementsAre("midarest.wait_round: must be at least wait_probe for each of the 4 "
                          "probes of a round, 200 ms, is 199 ms"));
  EXPECT_THAT(Violations("midarest", base), IsEmpty());
}

std::vector<std::string> Schedule(const std::string& rounds) {
  return Violations("midardisc", absl::StrCat("probedefs { dst: '192.0.2.1' } ",
                                              "probedefs { dst: '192.0.2.2' } ",
                                              "probedefs { dst: '192.0.2.3' } ", rounds));
}

TEST(DealiasCommandTest, AScheduleStaysWithinItsDefinitionsAndGoesOn) {
  const std::string first = "schedule { start { seconds: 1 } begin: 1 end: 1 } ";
  EXPECT_THAT(Schedule(first + "schedule { start { seconds: 2 } begin: 1 end: 2 }"), IsEmpty());
  EXPECT_THAT(Schedule(first), ElementsAre("midardisc.schedule: must be at least 2 rounds, are 1"));
  EXPECT_THAT(Schedule(first + "schedule { start { seconds: 2 } begin: 1 end: 3 }"),
              ElementsAre("midardisc.schedule[1].end: must be below the number of probedefs, which "
                          "is 3, is 3"));
  EXPECT_THAT(Schedule(first + "schedule { start { seconds: 2 } begin: 2 end: 1 }"),
              ElementsAre("midardisc.schedule[1].begin: must not be above end, which is 1, is 2"));
  EXPECT_THAT(
      Schedule(first + "schedule { start { seconds: 2 } begin: 0 end: 0 }"),
      ElementsAre("midardisc.schedule[1].begin: must not be below that of the round before, "
                  "which is 1, is 0",
                  "midardisc.schedule[1].end: must not be below that of the round before, "
                  "which is 1, is 0"));
  EXPECT_THAT(Schedule(first + "schedule { start { seconds: 1 } begin: 1 end: 1 }"),
              ElementsAre("midardisc.schedule[1].start: must be above that of the round before, "
                          "which is 1 s, is 1 s"));
  EXPECT_THAT(Schedule("schedule { start { seconds: -1 } } schedule { start { nanos: 1 } }"),
              ElementsAre("midardisc.schedule[0].start: must be at least 0 s, is -1 s",
                          "midardisc.schedule[1].start: must be whole microseconds, has 1 nanos"));
}

TEST(DealiasCommandTest, LongAndShortStartsOfARoundAreExact) {
  EXPECT_THAT(
      Newest(
          "midardisc",
          "probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } "
          "schedule { start { nanos: 1000 } } schedule { start { seconds: 200000 nanos: 5000 } }"),
      HasSubstr(" -S 0.000001:0:0 -S 200000.000005:0:0"));
}

TEST(DealiasCommandTest, OldDaemonsGetTimesInMilliseconds) {
  const std::string times = " wait_probe { seconds: 1 nanos: 5000000 } wait_timeout { seconds: 9 }";
  EXPECT_EQ(Debian("ally", BaseOf("ally") + times),
            "dealias -m ally -W 1005 -w 9 192.0.2.1 192.0.2.2");
  EXPECT_EQ(Newest("ally", BaseOf("ally") + times),
            "dealias -m ally -W 1005ms -w 9s 192.0.2.1 192.0.2.2");
  EXPECT_THAT(Violations("ally", BaseOf("ally") + " wait_probe { nanos: 1500000 }"),
              ElementsAre("ally.wait_probe: must be a multiple of 1 ms, is 1500 us"));
}

}  // namespace
}  // namespace scamper::records
