// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/tracelb.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/records/tracelb/tracelb_summary.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kFull[] =
    R"pb(tracelb {
           list_id: 1
           cycle_id: 2
           start { seconds: 1000 nanos: 5000 }
           sport: 3
           dport: 4
           probe_size: 60
           method: TRACELB_METHOD_UDP_DPORT
           firsthop: 1
           wait_timeout { seconds: 5 }
           wait_probe { nanos: 150000000 }
           attempts: 2
           confidence: 95
           tos: 8
           node_count: 2
           link_count: 1
           probe_count: 9
           probe_count_limit: 3000
           gaplimit: 3
           src: "192.0.2.1"
           dst: "192.0.2.9"
           userid: 7
           flags: 1
           rtr: "192.0.2.1"
           errmsg: "no \"way\""
           nodes { flags: 1 link_count: 1 icmp_q_ttl: 1 src: "192.0.2.2" name: "a.example" }
           nodes { flags: 1 link_count: 0 icmp_q_ttl: 2 src: "192.0.2.9" name: "" }
           links {
             near: 0
             far: 1
             length: 1
             probesets {
               probe_count: 1
               probes {
                 tx { seconds: 1001 nanos: 2000 }
                 flowid: 33435
                 ttl: 2
                 attempt: 1
                 reply_count: 2
                 replies {
                   rx { seconds: 1001 nanos: 90000 }
                   ipid: 5
                   ttl: 63
                   flags: 1
                   icmp { type: 11 code: 0 }
                   tcp_flags: 0
                   icmp_q_ttl: 1
                   icmp_q_tos: 4
                   src: "192.0.2.9"
                   icmp_exts {
                     class_number: 1
                     class_type: 1
                     data: "\001\002\003\004"
                     mpls { label: 4128 exp: 1 s: true ttl: 4 }
                   }
                 }
                 replies {
                   rx { seconds: 1001 nanos: 1000 }
                   ipid: 6
                   ttl: 62
                   flags: 3
                   icmp { type: 0 code: 0 }
                   tcp_flags: 18
                   icmp_q_ttl: 1
                   icmp_q_tos: 0
                   src: "2001:db8::1"
                   icmp_exts { class_number: 2 class_type: 8 data: "abc" }
                 }
               }
             }
           }
         })pb";

TEST(TracelbTest, JsonIsThatOfScampersOwnTool) {
  for (const char* version : kVersions) {
    const std::string expected = LinesOfType(ReadRecording(version, "tracelb.json"), "tracelb");
    const std::string warts = ReadRecording(version, "tracelb.warts");
    EXPECT_EQ(JsonOfFile(warts, v1::Record::kTracelb, false), expected) << version;
    EXPECT_EQ(JsonOfFile(warts, v1::Record::kTracelb, true), expected) << version;
  }
}

TEST(TracelbTest, EveryFlagOfEveryBlockIsOptional) {
  v1::Record full = ParseRecord(kFull);
  ExpectAllFull(full);
  EXPECT_GT(ExpectEachFlagIsOptional(full), 40);
}

TEST(TracelbTest, MandatoryItemsAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"tracelb { src: '::1' }", "tracelb record, dst: must be present"},
      {"tracelb { dst: '::1' node_count: 1 }",
       "tracelb record, node_count: must be the number of items"},
      {"tracelb { dst: '::1' link_count: 1 links {} }",
       "tracelb record, link 0, near: must be the index of a node"},
      {"tracelb { dst: '::1' node_count: 1 link_count: 1 nodes {} links { far: 1 } }",
       "tracelb record, link 0, far: must be the index of a node"},
      {"tracelb { dst: '::1' node_count: 1 link_count: 1 nodes {} links {} }",
       "tracelb record, node 0, link_count: must be the number of links from the node"},
      {"tracelb { dst: '::1' node_count: 1 link_count: 1 nodes { link_count: 1 } links { length: 1 "
       "probesets { probe_count: 1 probes { reply_count: 1 replies {} } } } }",
       "tracelb record, reply 0, src: must be present"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(Write(ParseRecord(c.record)).status().message(), c.message) << c.record;
}

TEST(TracelbTest, GraphsThatDoNotHoldTogetherAreMalformed) {
  const std::string dst = "04 01 c0000201";
  const struct {
    std::string body;
    const char* message;
  } kCases[] = {
      {"00", "tracelb record, offset 8, dst: expected a destination"},
      {"80 80 82 01 0008 0001" + dst, "tracelb record, offset 22, node_count: expected as many"},
      {"80 80 86 01 000a 0001 0001" + dst + "00 00 0000",
       "tracelb record, offset 24, node 0, link_count: expected the number of links"},
      {"80 80 84 01 0008 0001" + dst + "00",
       "tracelb record, offset 22, link 0, near: expected the index of a node"},
  };
  for (const auto& c : kCases) {
    v1::Record record;
    EXPECT_THAT(std::string(Read(RecordOf(8, Bytes(c.body)), &record).message()),
                HasSubstr(c.message));
  }
}

// Source and destination, node and reply by number of an address record.
TEST(TracelbTest, FileAddressesAreResolved) {
  warts::AddressTable addresses;
  addresses.Add(*warts::ParseAddress("192.0.2.1"));
  addresses.Add(*warts::ParseAddress("2001:db8::1"));
  const std::string bytes = RecordOf(
      8, Bytes("8c 80 06 000c 00000001 00000002 0001 0001 05 0006 00000002 0001 04 0001 01 01 0002 "
               "0001 10 0002 0001 80 04 0004 00000001"));
  v1::Record record;
  const absl::Status status = Read(bytes, &record, &addresses);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(record.tracelb().src(), "192.0.2.1");
  EXPECT_EQ(record.tracelb().dst(), "2001:db8::1");
  EXPECT_EQ(record.tracelb().nodes(0).src(), "2001:db8::1");
  EXPECT_EQ(record.tracelb().links(0).probesets(0).probes(0).replies(0).src(), "192.0.2.1");
  ExpectRoundTrip(WithoutSummaries(ReadOk(WriteOk(record))));
}

TEST(TracelbTest, SummariesHoldWhatIsValid) {
  const v1::Tracelb tracelb = ReadOk(WriteOk(ParseRecord(kFull))).tracelb();
  EXPECT_EQ(tracelb.summary().probe_dport(), 4u);
  EXPECT_FALSE(tracelb.summary().has_probe_icmp_id());
  EXPECT_EQ(tracelb.nodes(0).summary().icmp_q_ttl(), 1u);
  EXPECT_THAT(tracelb.nodes(0).summary().links(), ElementsAre(0u));
  EXPECT_EQ(tracelb.nodes(1).summary().links_size(), 0);
  const v1::TracelbProbe& probe = tracelb.links(0).probesets(0).probes(0);
  EXPECT_EQ(probe.summary().attempt(), 2u);
  const v1::TracelbReplySummary& icmp = probe.replies(0).summary();
  EXPECT_EQ(icmp.kind(), v1::REPLY_KIND_ICMP_TTL_EXPIRED);
  EXPECT_EQ(icmp.ipid(), 5u);
  EXPECT_EQ(icmp.icmp_q_tos(), 4u);
  EXPECT_FALSE(icmp.has_tcp_flags());
  const v1::TracelbReplySummary& tcp = probe.replies(1).summary();
  EXPECT_EQ(tcp.kind(), v1::REPLY_KIND_TCP);
  EXPECT_EQ(tcp.tcp_flags(), 18u);
  EXPECT_FALSE(tcp.has_ipid());
  EXPECT_FALSE(tcp.has_icmp_q_ttl());
}

TEST(TracelbTest, AddressesOfAHopCountFromTheirLastByte) {
  v1::TracelbProbeset set;
  for (const char* src :
       {"192.0.2.1", "10.0.0.2", "2001:db8:0:1::9", "2001:db8::", "192.0.2.1", "198.51.100.1"}) {
    set.add_probes()->add_replies()->set_src(src);
    set.mutable_probes(set.probes_size() - 1)->set_flowid(static_cast<uint32_t>(set.probes_size()));
  }
  // Two attempts of one flow, of which one had a reply, and two silent flows.
  set.add_probes()->set_flowid(6);
  set.add_probes()->set_flowid(7);
  set.add_probes()->set_flowid(7);
  set.add_probes()->set_flowid(8);
  const TracelbHop hop = HopOf(set);
  EXPECT_THAT(hop.addresses, ElementsAre("192.0.2.1", "198.51.100.1", "10.0.0.2",
                                         "2001:db8::", "2001:db8:0:1::9"));
  EXPECT_EQ(hop.silent_flows, 2u);
}

TEST(TracelbTest, JsonHasEveryMember) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  v1::List list;
  list.set_monitor("vp\"1");
  EXPECT_EQ(
      JsonLine(record, true, &list),
      R"({"type":"tracelb", "version":"0.1", "userid":7, "method":"udp-dport", "src":"192.0.2.1", "dst":"192.0.2.9", "rtr":"192.0.2.1", "sport":3, "dport":4, "start":{"sec":1000, "usec":5, "ftime":"1970-01-01 00:16:40"}, "probe_size":60, "firsthop":1, "attempts":2, "confidence":95, "tos":8, "gaplimit":3, "wait_timeout":5, "wait_probe":15, "probec":9, "probec_max":3000, "nodec":2, "linkc":1,"errmsg":"no \"way\"","monitor":"vp\"1", "nodes":[{"addr":"192.0.2.2", "name":"a.example", "q_ttl":1, "linkc":1, "links":[[{"addr":"192.0.2.9", "probes":[{"tx":{"sec":1001, "usec":2}, "replyc":1, "ttl":2, "attempt":1, "flowid":33435, "replies":[{"rx":{"sec":1001, "usec":90}, "ttl":63, "rtt":0.088, "ipid":5, "icmp_type":11, "icmp_code":0, "icmp_q_tos":4, "icmp_q_ttl":1,"icmpext":[{"ie_cn":1,"ie_ct":1,"ie_dl":4,"mpls_labels":[{"mpls_ttl":4,"mpls_s":1,"mpls_exp":1,"mpls_label":4128}]}]}]}]}]]}]})"
      "\n");
}

TEST(TracelbTest, ALinkWithoutHopsHasALineOfOursOnly) {
  const v1::Record record =
      ReadOk(WriteOk(ParseRecord("tracelb { dst: '192.0.2.1' node_count: 1 link_count: 1 nodes { "
                                 "link_count: 1 } links {} }")));
  EXPECT_EQ(JsonLine(record, true), "no line");
  EXPECT_THAT(JsonLine(record), HasSubstr(R"("links":[[{"addr":"*"}]]}]})"));
  EXPECT_EQ(Text(record), "");
}

// scamper crashes here.
TEST(TracelbTest, LinksThatEndNowhereOrHaveNoProbesAreSafe) {
  const v1::Record record =
      ReadOk(WriteOk(ParseRecord(R"pb(tracelb {
                                        dst: "192.0.2.1"
                                        node_count: 2
                                        link_count: 3
                                        nodes { link_count: 2 src: "192.0.2.2" }
                                        nodes { link_count: 1 }
                                        links {
                                          length: 1
                                          probesets {
                                            probe_count: 1
                                            probes {
                                              reply_count: 1
                                              replies { src: "192.0.2.3" }
                                            }
                                          }
                                        }
                                        links { far: 1 }
                                        links {
                                          near: 1
                                          length: 2
                                          probesets {}
                                          probesets {}
                                        }
                                      })pb")));
  const std::string line = JsonLine(record);
  EXPECT_THAT(line, HasSubstr(R"("links":[[{"probes":[{"tx":{"sec":0, "usec":0}, "replyc":1)"));
  EXPECT_THAT(line, HasSubstr(R"(},{"probes":[]}]]})"));
  EXPECT_THAT(line, HasSubstr(R"({"addr":"*", "linkc":1, "links":[[],[{"addr":"*"}]]})"));
  EXPECT_EQ(Text(record),
            "tracelb to 192.0.2.1, 2 nodes, 3 links, 0 probes, 0%\n"
            "192.0.2.2 -> *\n192.0.2.2 -> *\n* -> () -> ()\n");
}

TEST(TracelbTest, LongExtensionsAreCutOnlyWithQuirks) {
  v1::Record record = ParseRecord(kFull);
  auto* reply = record.mutable_tracelb()
                    ->mutable_links(0)
                    ->mutable_probesets(0)
                    ->mutable_probes(0)
                    ->mutable_replies(0);
  reply->mutable_icmp_exts(0)->set_data(std::string(200, '\1'));
  record = ReadOk(WriteOk(record));
  const std::string whole = JsonLine(record);
  const std::string cut = JsonLine(record, true);
  EXPECT_EQ(cut.find("{\"rx\"") + 2047, cut.rfind("]}]}]]}]}\n"));
  EXPECT_LT(cut.size(), whole.size());
  EXPECT_TRUE(absl::EndsWith(whole, "}]}]}]}]}]]}]}\n")) << whole;
}

}  // namespace
}  // namespace scamper::records
