// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/host.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kFull[] =
    R"pb(host {
           list_id: 1
           cycle_id: 2
           userid: 3
           src: "192.0.2.1"
           dst: "192.0.2.2"
           start { seconds: 1000 nanos: 5000 }
           flags: 5
           wait_timeout { seconds: 5 nanos: 1000000 }
           stop_reason: HOST_STOP_REASON_DONE
           retries: 1
           qtype: 1
           qclass: 1
           qname: "a.example"
           qcount: 2
           ecs: "198.51.100.0/24"
           errmsg: "none"
           trailing: "x"
           queries {
             tx { seconds: 1000 nanos: 6000 }
             rx { seconds: 1001 nanos: 5000 }
             id: 7
             ancount: 8
             nscount: 1
             arcount: 2
             rcode: 3
             flags: 24
             an {
               rclass: 1
               rtype: 1
               name: "a.example"
               ttl: 60
               data { addr: "192.0.2.7" }
             }
             an {
               rclass: 1
               rtype: 28
               name: "a.example"
               ttl: 60
               data { addr: "2001:db8::7" }
             }
             an {
               rclass: 1
               rtype: 2
               name: "a.example"
               ttl: 60
               data { name: "ns.example" }
             }
             an {
               rclass: 1
               rtype: 12
               name: "a.example"
               ttl: 60
               data { name: "b.example" }
             }
             an {
               rclass: 1
               rtype: 15
               name: ""
               ttl: 1
               data { mx { preference: 5 exchange: "mx.example" } }
             }
             an {
               rclass: 3
               rtype: 16
               name: "v"
               ttl: 1
               data { txt { strs: "a\000b" strs: "" } }
             }
             an {
               rclass: 1
               rtype: 65
               name: "s"
               ttl: 1
               data {
                 svcb {
                   priority: 1
                   target: "t"
                   params { key: 1 value: "h2" }
                   params { key: 2 }
                 }
               }
             }
             an {
               rclass: 1
               rtype: 1
               name: "a.example"
               ttl: 60
               data { addr: "192.0.2.7" }
             }
             ns {
               rclass: 1
               rtype: 6
               name: "example"
               ttl: 60
               data {
                 soa { mname: "m" rname: "r" serial: 1 refresh: 2 retry: 3 expire: 4 minimum: 5 }
               }
             }
             ar {
               rclass: 1232
               rtype: 41
               name: ""
               ttl: 16809984
               data {
                 opt {
                   elements { code: 3 data: "id" }
                   elements { code: 8 }
                 }
               }
             }
             ar { rclass: 1 rtype: 43 name: "ds" ttl: 9 }
           }
           queries { tx { seconds: 1002 } }
         })pb";

TEST(HostTest, JsonIsThatOfScampersOwnTool) {
  for (const char* version : kVersions) {
    const std::string expected = LinesOfType(ReadRecording(version, "host.json"), "host");
    const std::string warts = ReadRecording(version, "host.warts");
    EXPECT_EQ(JsonOfFile(warts, v1::Record::kHost, false), expected) << version;
    EXPECT_EQ(JsonOfFile(warts, v1::Record::kHost, true), expected) << version;
  }
}

TEST(HostTest, EveryFlagOfEveryBlockIsOptional) {
  EXPECT_GT(ExpectEachFlagIsOptional(ParseRecord(kFull)), 50);
}

TEST(HostTest, SummaryIsOfTheFirstQueryWithAResponse) {
  const v1::Host host = ReadOk(WriteOk(ParseRecord(kFull))).host();
  const v1::HostSummary& summary = host.summary();
  EXPECT_EQ(summary.qtype(), "A");
  EXPECT_EQ(summary.qclass(), "IN");
  EXPECT_EQ(summary.answered_query(), 0u);
  EXPECT_EQ(summary.rcode(), "NXDomain");
  EXPECT_EQ(summary.rcode_number(), 3u);
  // 16809984 is 01 00 80 00 with the two lowest bytes 8000: one more in the upper eight bits.
  EXPECT_EQ(summary.extended_rcode_number(), 19u);
  EXPECT_EQ(summary.extended_rcode(), "BADMODE");
  EXPECT_EQ(summary.rtt().seconds(), 0);
  EXPECT_EQ(summary.rtt().nanos(), 999999000);
  EXPECT_THAT(summary.ans_addrs(), ElementsAre("192.0.2.7", "2001:db8::7"));
  EXPECT_THAT(summary.ans_nses(), ElementsAre("ns.example"));
  EXPECT_THAT(summary.ans_ptrs(), ElementsAre("b.example"));
  EXPECT_EQ(summary.ans_mxes(0).exchange(), "mx.example");
  EXPECT_EQ(summary.ans_txts_size(), 0);
  EXPECT_EQ(summary.udpsize(), 1232u);
  EXPECT_EQ(summary.edns_version(), 0u);
  EXPECT_TRUE(summary.edns_do());
  EXPECT_FALSE(host.queries(1).summary().answered());
}

TEST(HostTest, SummaryWithoutAResponseHoldsOnlyTheQuestion) {
  const v1::Host host =
      ReadOk(WriteOk(ParseRecord("host { dst: '::1' qtype: 99 qclass: 4 qcount: 1 queries {} }")))
          .host();
  EXPECT_EQ(host.summary().qtype(), "99");
  EXPECT_EQ(host.summary().qclass(), "4");
  EXPECT_FALSE(host.summary().has_rcode());
  EXPECT_FALSE(host.summary().has_answered_query());
}

TEST(HostTest, TextOfAResourceRecordIsThatOfAZoneFile) {
  const v1::HostQuery query = ReadOk(WriteOk(ParseRecord(kFull))).host().queries(0);
  EXPECT_EQ(query.an(0).summary().text(), "a.example 60 IN A 192.0.2.7");
  EXPECT_EQ(query.an(2).summary().text(), "a.example 60 IN NS ns.example");
  EXPECT_EQ(query.an(4).summary().text(), " 1 IN MX 5 mx.example");
  EXPECT_EQ(query.ns(0).summary().text(), "example 60 IN SOA m r 1 2 3 4 5");
  EXPECT_EQ(query.ar(1).summary().text(), "ds 9 IN DS not implemented");
}

TEST(HostTest, NamesThatAreNotUtf8AreBytesAndWhatFollowsIsRead) {
  v1::Record record = ParseRecord(R"pb(host {
                                         dst: "::1"
                                         qname_bytes: "a\351"
                                         qcount: 1
                                         queries {
                                           rx { seconds: 1 }
                                           ancount: 1
                                           an {
                                             rclass: 1
                                             rtype: 5
                                             name_bytes: "b\351c"
                                             ttl: 1
                                             data { name_bytes: "c\377" }
                                           }
                                         }
                                       })pb");
  ExpectRoundTrip(record);
  record = ReadOk(WriteOk(record));
  EXPECT_EQ(record.host().queries(0).an(0).summary().text(),
            "b\xef\xbf\xbd"
            "c 1 IN CNAME c\xef\xbf\xbd");
  // A line of JSON is UTF-8.
  EXPECT_THAT(JsonLine(record, false), HasSubstr(R"("name":"b\u00e9c", "cname":"c\u00ff"})"));
  // The tool cuts a string at the first byte that is not printable ASCII.
  const std::string line = JsonLine(record, true);
  EXPECT_THAT(line, HasSubstr("\"qname\":\"a\""));
  EXPECT_THAT(line, HasSubstr("\"name\":\"b\", \"cname\":\"c\"}"));
}

TEST(HostTest, NumbersWithoutTheirItemsSurvive) {
  ExpectRoundTrip(ParseRecord(R"pb(host {
                                     dst: "::1"
                                     qcount: 1
                                     queries {
                                       ancount: 3
                                       an {
                                         rclass: 1
                                         rtype: 16
                                         name: ""
                                         data { txt { strc: 2 } }
                                       }
                                       an {
                                         rclass: 1
                                         rtype: 41
                                         name: ""
                                         data { opt { element_count: 0 } }
                                       }
                                       an {
                                         rclass: 1
                                         rtype: 64
                                         name: ""
                                         data { svcb { param_count: 3 } }
                                       }
                                     }
                                   })pb"));
}

TEST(HostTest, RcodesInJsonAreNamedAsByTheTool) {
  const char* const kNames[] = {"NoError", "(null)", "BADMODEBADNAME", "BADALG", "23"};
  const int kCodes[] = {0, 12, 19, 20, 23};
  for (size_t i = 0; i < std::size(kCodes); ++i) {
    const v1::Record record = ReadOk(WriteOk(ParseRecord(absl::StrCat(
        "host { dst: '::1' qcount: 1 queries { rx { seconds: 1 } rcode: ", kCodes[i], " } }"))));
    EXPECT_THAT(JsonLine(record), HasSubstr(absl::StrCat("\"rcode\":\"", kNames[i], "\"")));
  }
}

TEST(HostTest, LongRecordsAreCutOnlyWithQuirks) {
  const std::string name(600, 'x');
  const v1::Record record = ReadOk(WriteOk(ParseRecord(absl::StrCat(
      "host { dst: '::1' qcount: 1 queries { rx { seconds: 1 } ancount: 1 an { rclass: 1 rtype: 6 "
      "name: '' data { soa { mname: '",
      name, "' rname: '", name, "' serial: 77 } } } } }"))));
  EXPECT_THAT(JsonLine(record), HasSubstr("x\", \"serial\":77, \"refresh\":0"));
  const std::string cut = JsonLine(record, true);
  const size_t start = cut.find("{\"class\"");
  EXPECT_EQ(cut.substr(start + 1023), "]}]}\n");
}

TEST(HostTest, MandatoryItemsAndKindsAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"host { src: '::1' }", "host record, dst: must be present"},
      {"host { dst: '::1' queries {} }", "host record, qcount: must be the number of items"},
      {"host { dst: '::1' qcount: 1 queries { ancount: 1 an {} } }",
       "host record, answer record 0, name: must be present"},
      {"host { dst: '::1' qcount: 1 queries { ancount: 1 an { rclass: 1 rtype: 1 name: '' data { "
       "name: 'a' } } } }",
       "host record, answer record 0, data: must be of the kind of the record's class and type"},
      {"host { dst: '::1' qcount: 1 queries { ancount: 1 an { rclass: 1 rtype: 6 name: '' data { "
       "soa { mname: 'a' } } } } }",
       "host record, answer record 0, data: must have mname and rname"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(Write(ParseRecord(c.record)).status().message(), c.message);
}

TEST(HostTest, AddressesAreThoseOfAllSections) {
  const auto addresses = Addresses(ParseRecord(kFull));
  ASSERT_EQ(addresses.size(), 4u);
  EXPECT_EQ(addresses[3].addr(), "2001:db8::7");
}

}  // namespace
}  // namespace scamper::records
