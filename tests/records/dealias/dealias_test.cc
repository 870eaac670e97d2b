// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/dealias.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One definition, one probe and two replies with all fields.
constexpr char kItems[] = R"pb(
  probedefs {
    id: 7
    method: DEALIAS_PROBE_METHOD_UDP
    ttl: 255
    tos: 1
    ports { sport: 5 dport: 6 }
    tcp_flags: 2
    icmp_id: 3
    dst: "192.0.2.1"
    src: "198.51.100.2"
    size: 30
    mtu: 1400
    icmp_sum: 9
  }
  probes {
    probedef: 0
    tx { seconds: 11 nanos: 2000 }
    reply_count: 2
    ipid: 77
    seq: 4
    replies {
      rx { seconds: 11 nanos: 9000 }
      ipid: 78
      ttl: 63
      icmp { type: 3 code: 3 }
      icmp_q_ttl: 254
      icmp_exts { class_number: 2 class_type: 1 data: "ab" }
      proto: 1
      tcp_flags: 4
      src: "192.0.2.7"
      ipid32: 99
      flags: 1
      size: 58
    }
    replies {
      rx { seconds: 12 }
      ipid: 1
      ttl: 62
      icmp { type: 1 code: 4 }
      icmp_q_ttl: 253
      icmp_exts { class_number: 3 class_type: 1 data: "" }
      proto: 58
      tcp_flags: 4
      src: "2001:db8::7"
      ipid32: 99
      flags: 1
      size: 57
    }
  })pb";

std::string Full(const std::string& method, const std::string& technique,
                 const std::string& items = kItems) {
  return absl::StrCat(
      "dealias { list_id: 1 cycle_id: 2 start { seconds: 10 nanos: 5000 } method: DEALIAS_METHOD_",
      method, " result: DEALIAS_RESULT_ALIASES probe_count: 1 userid: 3 errmsg: 'no' ", technique,
      items, "}");
}

// A second definition.
std::string TwoDefinitions() {
  return absl::StrCat(kItems,
                      " probedefs { id: 1 method: DEALIAS_PROBE_METHOD_ICMP_ECHO ttl: 1 "
                      "tos: 0 ports {} tcp_flags: 0 icmp_id: 0 dst: '192.0.2.2' "
                      "src: '198.51.100.2' size: 0 mtu: 0 icmp_sum: 0 }");
}

std::vector<std::string> FullRecords() {
  return {
      Full("MERCATOR", "mercator { attempts: 3 wait_timeout { seconds: 5 } }"),
      Full("ALLY",
           "ally { wait_probe { nanos: 50000000 } wait_timeout { seconds: 5 } attempts: 4 fudge: "
           "200 flags: 1 }",
           TwoDefinitions()),
      Full("RADARGUN",
           "radargun { probedef_count: 1 rounds: 2 wait_probe { nanos: 1000000 } wait_round { "
           "seconds: 70 } wait_timeout { seconds: 6 } flags: 3 }"),
      Full("PREFIXSCAN",
           "prefixscan { a: '192.0.2.3' b: '192.0.2.9' ab: '192.0.2.10' xs: ['192.0.2.1', "
           "'192.0.2.4'] prefix: 30 attempts: 2 fudge: 100 wait_probe { seconds: 1 } wait_timeout "
           "{ seconds: 2 } probedef_count: 1 flags: 6 reply_count: 4 }"),
      Full("BUMP",
           "bump { wait_probe { seconds: 65 nanos: 535000000 } bump_limit: 30 attempts: 3 }",
           TwoDefinitions()),
      Full("MIDAREST",
           "midarest { probedef_count: 1 rounds: 10 wait_probe { nanos: 1000 } wait_round { "
           "seconds: 1 } wait_timeout { seconds: 2 nanos: 5000 } }"),
      Full("MIDARDISC",
           "midardisc { probedef_count: 1 wait_timeout { seconds: 1 } schedule { start { "
           "seconds: 1 nanos: 7000 } begin: 2 end: 3 } schedule { start {} } startat { seconds: 9 "
           "} }"),
  };
}

std::string LineOf(const std::string& text, bool quirks) {
  return JsonLine(ReadOk(WriteOk(ParseRecord(text))), quirks);
}

TEST(DealiasTest, JsonIsThatOfScampersOwnToolUpToWhereItStops) {
  for (const char* version : kVersions) {
    const std::string expected = LinesOfType(ReadRecording(version, "dealias.json"), "dealias");
    const std::string warts = ReadRecording(version, "dealias.warts");
    for (const bool quirks : {false, true}) {
      const std::string lines = JsonOfFile(warts, v1::Record::kDealias, quirks);
      EXPECT_EQ(lines.substr(0, expected.size()), expected) << version;
    }
  }
}

TEST(DealiasTest, EveryFlagOfEveryBlockIsOptional) {
  int accepted = 0;
  for (const std::string& text : FullRecords()) {
    SCOPED_TRACE(text);
    ExpectAllFull(ParseRecord(text));
    accepted += ExpectEachFlagIsOptional(ParseRecord(text));
  }
  EXPECT_GT(accepted, 300);
}

TEST(DealiasTest, WhatFollowsAnUnknownMethodIsKept) {
  for (const char* body :
       {"28 0005 09 00000002 cafe", "08 0001 00 cafe", "20 0004 00000001", "00"}) {
    const std::string bytes = RecordOf(9, Bytes(body));
    const v1::Record record = ReadOk(bytes);
    EXPECT_EQ(record.dealias().technique_case(), v1::Dealias::TECHNIQUE_NOT_SET);
    EXPECT_EQ(WriteOk(record), bytes) << body;
    EXPECT_EQ(JsonLine(record, true), "no line");
    EXPECT_THAT(JsonLine(record), EndsWith("\"probedefs\":[], \"probes\":[]}\n"));
  }
}

TEST(DealiasTest, ItemsThatDoNotFitTheMethodAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"method: DEALIAS_METHOD_ALLY", "method: must be that of the technique"},
      {"ally {}", "method: must be that of the technique"},
      {"method: DEALIAS_METHOD_ALLY bump {}", "method: must be that of the technique"},
      {"method: DEALIAS_METHOD_ALLY ally {}", "probedefs: must be the number of items"},
      {"method: DEALIAS_METHOD_RADARGUN radargun {}",
       "technique 0, probedef_count: must be at least 1"},
      {"probes {}", "probes: must be empty where the method is unknown"},
      {"method: DEALIAS_METHOD_MERCATOR mercator {} probedefs {}",
       "probedef 0, dst: must be present"},
      {"method: DEALIAS_METHOD_MERCATOR mercator {} probedefs { dst: '::1' } probe_count: 1 probes "
       "{ probedef: 1 }",
       "probe 0, probedef: must be the index of a definition"},
      {"method: DEALIAS_METHOD_MERCATOR mercator {} probedefs { dst: '::1' } probe_count: 1 probes "
       "{ reply_count: 1 replies {} }",
       "reply 0, src: must be present"},
      {"method: DEALIAS_METHOD_ALLY ally { wait_probe { nanos: 1000 } }",
       "wait_probe: must be whole milliseconds within 0 - 65.535 s"},
  };
  for (const auto& c : kCases) {
    const auto written = Write(ParseRecord(absl::StrCat("dealias {", c.record, "}")));
    EXPECT_THAT(std::string(written.status().message()), EndsWith(c.message));
  }
}

TEST(DealiasTest, ItemsThatDoNotFitAreMalformed) {
  const struct {
    const char* body;
    const char* message;
  } kCases[] = {
      // Radargun, midarest and midardisc without a definition.
      {"08 0001 03 00", "offset 12, technique 0, probedef_count: expected at least one definition"},
      {"08 0001 06 00", "probedef_count: expected at least one definition"},
      {"08 0001 07 00", "probedef_count: expected at least one definition"},
      {"08 0001 01 00 00", "probedef 0, dst: expected a destination"},
      {"28 0005 01 00000001 00 80 04 0006 0401c0000201 01 0004 00000001",
       "probe 0, probedef: expected the index of a definition"},
      // More than the record can hold.
      {"28 0005 01 ffffffff 00 80 04 0006 0401c0000201 00",
       "probe_count: expected as many items as the count says"},
      {"08 0001 07 05 0008 00000001 ffffffff 00", "schedule: expected 8 bytes of a time"},
  };
  for (const auto& c : kCases) {
    v1::Record record;
    EXPECT_THAT(std::string(Read(RecordOf(9, Bytes(c.body)), &record).message()),
                HasSubstr(c.message));
  }
}

// Old writers: addresses by number; the ICMP checksum where ports are.
TEST(DealiasTest, LegacyFormsAreUnderstood) {
  warts::AddressTable addresses;
  addresses.Add(*warts::ParseAddress("192.0.2.1"));
  addresses.Add(*warts::ParseAddress("192.0.2.2"));
  const std::string bytes =
      RecordOf(9, Bytes("28 0005 01 00000001 00 cb 02 000f 00000001 00000002 01 0000 abcd 0005"
                        "04 0002 0001 01 0004 00000002"));
  v1::Record record;
  const absl::Status status = Read(bytes, &record, &addresses);
  ASSERT_TRUE(status.ok()) << status;
  const v1::DealiasProbedef& def = record.dealias().probedefs(0);
  EXPECT_EQ(def.dst(), "192.0.2.1");
  EXPECT_EQ(def.src(), "192.0.2.2");
  EXPECT_EQ(def.summary().icmp_sum(), 0xabcdu);
  EXPECT_EQ(def.summary().icmp_id(), 5u);
  EXPECT_FALSE(def.summary().has_dport());
  EXPECT_EQ(record.dealias().probes(0).replies(0).src(), "192.0.2.2");
  ExpectRoundTrip(WithoutSummaries(ReadOk(WriteOk(record))));
}

TEST(DealiasTest, AliasesAreThoseOfTheTechnique) {
  const std::vector<std::string> records = FullRecords();
  const auto aliases = [](const std::string& text) {
    const v1::Record record = ReadOk(WriteOk(ParseRecord(text)));
    EXPECT_TRUE(record.dealias().summary().has_aliases());
    return record.dealias().summary().aliases();
  };
  EXPECT_THAT(aliases(records[0]), ElementsAre("192.0.2.1", "192.0.2.7"));
  EXPECT_THAT(aliases(records[1]), ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(aliases(records[2]), IsEmpty());
  EXPECT_THAT(aliases(records[3]), ElementsAre("192.0.2.3", "192.0.2.10"));
  v1::Record record = ParseRecord(records[1]);
  record.mutable_dealias()->set_result(v1::DEALIAS_RESULT_HALTED);
  EXPECT_THAT(ReadOk(WriteOk(record)).dealias().summary().aliases(), IsEmpty());
}

TEST(DealiasTest, RepliesFromTheTargetAreToldByMethodAndKind) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(FullRecords()[0])));
  const v1::DealiasReplySummary& first = record.dealias().probes(0).replies(0).summary();
  EXPECT_EQ(first.kind(), v1::REPLY_KIND_ICMP_UNREACHABLE_PORT);
  EXPECT_TRUE(first.from_target());
  EXPECT_EQ(first.ipid(), 78u);
  EXPECT_EQ(first.icmp_q_ttl(), 254u);
  const v1::DealiasReplySummary& second = record.dealias().probes(0).replies(1).summary();
  EXPECT_EQ(second.proto(), 58u);
  EXPECT_EQ(second.ipid(), 99u);
  v1::Record tcp = ParseRecord(FullRecords()[0]);
  tcp.mutable_dealias()->mutable_probes(0)->mutable_replies(0)->set_proto(6);
  EXPECT_FALSE(ReadOk(WriteOk(tcp)).dealias().probes(0).replies(0).summary().from_target());
  tcp.mutable_dealias()->mutable_probedefs(0)->set_method(v1::DEALIAS_PROBE_METHOD_TCP_ACK);
  EXPECT_TRUE(ReadOk(WriteOk(tcp)).dealias().probes(0).replies(0).summary().from_target());
}

TEST(DealiasTest, JsonHasTheMembersOfEachTechnique) {
  const std::vector<std::string> records = FullRecords();
  const char* const kTechniques[] = {
      R"(, "attempts":3, "wait_timeout":5, "probedefs":[)",
      R"(, "wait_probe":50, "wait_timeout":5, "attempts":4, "fudge":200, "flags":["nobs"], "prob)",
      R"(, "attempts":2, "wait_probe":1, "wait_round":4464, "wait_timeout":6, "flags":["nobs",2], )",
      R"(, "a":"192.0.2.3", "b":"192.0.2.9/30", "ab":"192.0.2.10/30", "xs":["192.0.2.1","192.0.2.4"], "attempts":2, "replyc":4, "fudge":100, "wait_probe":1000, "wait_timeout":2, "flags":["csa",4], )",
      R"(, "wait_probe":65535, "bump_limit":30, "attempts":3, "probedefs":[)",
  };
  for (size_t i = 0; i < std::size(kTechniques); ++i) {
    EXPECT_THAT(LineOf(records[i], true), HasSubstr(kTechniques[i]));
    EXPECT_EQ(LineOf(records[i], false), LineOf(records[i], true));
  }
  EXPECT_THAT(
      LineOf(records[0], true),
      HasSubstr(
          R"("probedefs":[{"id":7, "src":"198.51.100.2", "dst":"192.0.2.1", "ttl":255, "size":30, "method":"udp", "udp_sport":5, "udp_dport":6, "mtu":1400}], "probes":[{"probedef_id":7,"seq":4,"tx":{"sec":11,"usec":2}, "ipid":77, "replies":[{"src":"192.0.2.7","rx":{"sec":11,"usec":9},"ttl":63, "size":58, "ipid":78, "proto":1, "icmp_type":3, "icmp_code":3, "icmp_q_ttl":254}, {"src":"2001:db8::7","rx":{"sec":12,"usec":0},"ttl":62, "size":57, "ipid":99, "proto":58, "icmp_type":1, "icmp_code":4, "icmp_q_ttl":253}]}]})"));
}

TEST(DealiasTest, MidarestAndMidardiscHaveALineOfOursOnly) {
  const std::vector<std::string> records = FullRecords();
  EXPECT_EQ(LineOf(records[5], true), "no line");
  EXPECT_EQ(LineOf(records[6], true), "no line");
  EXPECT_THAT(
      LineOf(records[5], false),
      HasSubstr(
          R"("method":"midarest", "userid":3, "result":"aliases", "start":{"sec":10, "usec":5},"errmsg":"no", "rounds":10, "wait_probe":{"sec":0, "usec":1}, "wait_round":{"sec":1, "usec":0}, "wait_timeout":{"sec":2, "usec":5}, "probedefs":[{)"));
  EXPECT_THAT(
      LineOf(records[6], false),
      HasSubstr(
          R"(, "wait_timeout":{"sec":1, "usec":0}, "startat":{"sec":9, "usec":0}, "schedule":[{"start":{"sec":1, "usec":7}, "begin":2, "end":3}, {"start":{"sec":0, "usec":0}, "begin":0, "end":0}], "probedefs":[)"));
}

TEST(DealiasTest, ThePrefixOfAnAliasLeavesBothAddressesHosts) {
  const auto prefix = [](const std::string& b, const std::string& ab) {
    const std::string line =
        LineOf(absl::StrCat("dealias { method: DEALIAS_METHOD_PREFIXSCAN prefixscan { b: '", b,
                            "' ab: '", ab, "' } }"),
               true);
    const size_t at = line.find("\"ab\"");
    return at == std::string::npos ? "none" : line.substr(at + 5, line.find(',', at) - at - 5);
  };
  EXPECT_EQ(prefix("192.0.2.1", "192.0.2.1"), "\"192.0.2.1/32\"");
  EXPECT_EQ(prefix("192.0.2.1", "192.0.2.0"), "\"192.0.2.0/31\"");
  EXPECT_EQ(prefix("192.0.2.1", "192.0.2.2"), "\"192.0.2.2/30\"");
  EXPECT_EQ(prefix("192.0.2.1", "192.0.2.3"), "\"192.0.2.3/29\"");
  EXPECT_EQ(prefix("192.0.2.4", "192.0.2.7"), "\"192.0.2.7/28\"");
  EXPECT_EQ(prefix("1.2.3.4", "129.0.0.1"), "\"129.0.0.1/0\"");
  EXPECT_EQ(prefix("2001:db8::1", "2001:db8::2"), "none");
}

TEST(DealiasTest, ManyExclusionsAreCutOnlyWithQuirks) {
  v1::Record record = ParseRecord(FullRecords()[3]);
  for (int i = 0; i < 300; ++i)
    record.mutable_dealias()->mutable_prefixscan()->add_xs("192.0.2.100");
  record = ReadOk(WriteOk(record));
  const std::string cut = JsonLine(record, true);
  EXPECT_EQ(cut.find(", \"probedefs\":["), 4095u);
  const std::string whole = JsonLine(record);
  EXPECT_THAT(whole, HasSubstr("\"192.0.2.100\"], \"attempts\":2"));
}

TEST(DealiasTest, TextIsOfAllyOnly) {
  const std::vector<std::string> records = FullRecords();
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(Text(ReadOk(WriteOk(ParseRecord(records[i])))),
              i == 1 ? "192.0.2.1 192.0.2.2 aliases\n" : "");
  }
  v1::Record halted = ParseRecord(records[1]);
  halted.mutable_dealias()->set_result(v1::DEALIAS_RESULT_HALTED);
  EXPECT_EQ(Text(ReadOk(WriteOk(halted))), "192.0.2.1 192.0.2.2 3\n");
}

}  // namespace
}  // namespace scamper::records
