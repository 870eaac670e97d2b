// SPDX-License-Identifier: Apache-2.0
// Derived values that the recordings do not hold.
#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

v1::Record RecordFrom(const std::string& text) {
  v1::Record record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &record)) << text;
  return ReadOk(WriteOk(record));
}

TEST(PingSummaryTest, WhetherAReplyIsFromTheTargetIsDecidedByMethodAndKindAlone) {
  const struct {
    const char* method;
    const char* reply;
    bool from_target;
    v1::ReplyKind kind;
  } kCases[] = {
      {"ICMP_ECHO", "src: '198.51.100.1' icmp {}", true, v1::REPLY_KIND_ICMP_ECHO_REPLY},
      {"ICMP_ECHO", "src: '192.0.2.1' icmp { type: 3 code: 1 }", false,
       v1::REPLY_KIND_ICMP_UNREACHABLE},
      {"ICMP_TIME", "src: '192.0.2.1' icmp { type: 14 }", true,
       v1::REPLY_KIND_ICMP_TIMESTAMP_REPLY},
      {"ICMP_TIME", "src: '192.0.2.1' icmp {}", false, v1::REPLY_KIND_ICMP_ECHO_REPLY},
      {"TCP_SYN", "src: '192.0.2.1' reply_proto: 6 tcp_flags: 4", true, v1::REPLY_KIND_TCP},
      {"TCP_SYN", "src: '192.0.2.1' reply_proto: 1 icmp { type: 3 code: 3 }", false,
       v1::REPLY_KIND_ICMP_UNREACHABLE_PORT},
      {"UDP", "src: '192.0.2.1' reply_proto: 1 icmp { type: 3 code: 3 }", true,
       v1::REPLY_KIND_ICMP_UNREACHABLE_PORT},
      {"UDP_DPORT", "src: '192.0.2.1' reply_proto: 17", true, v1::REPLY_KIND_UDP},
      {"UDP", "src: '192.0.2.1' reply_proto: 1 icmp { type: 11 }", false,
       v1::REPLY_KIND_ICMP_TTL_EXPIRED},
      {"UDP", "src: '192.0.2.1' reply_proto: 58 icmp { type: 1 code: 4 }", false,
       v1::REPLY_KIND_UNSPECIFIED},
      {"UDP", "src: '2001:db8::1' reply_proto: 58 icmp { type: 1 code: 4 }", true,
       v1::REPLY_KIND_ICMP_UNREACHABLE_PORT},
  };
  for (const auto& c : kCases) {
    const v1::Record record =
        RecordFrom(absl::StrCat("ping { dst: '192.0.2.1' probe_count: 1 method: PING_METHOD_",
                                c.method, " replies { ", c.reply, " } }"));
    EXPECT_EQ(record.ping().replies(0).summary().from_target(), c.from_target)
        << c.method << " " << c.reply;
    EXPECT_EQ(record.ping().replies(0).summary().kind(), c.kind) << c.method << " " << c.reply;
  }
}

TEST(PingSummaryTest, ProtocolDefaultsToIcmpOfTheDestinationsFamily) {
  EXPECT_EQ(RecordFrom("ping { dst: '192.0.2.1' probe_count: 1 replies { src: '192.0.2.1' } }")
                .ping()
                .replies(0)
                .summary()
                .proto(),
            1u);
  EXPECT_EQ(RecordFrom("ping { dst: '::1' probe_count: 1 replies { src: '::1' } }")
                .ping()
                .replies(0)
                .summary()
                .proto(),
            58u);
}

TEST(PingSummaryTest, ProbeFieldsAreThoseOfTheMethod) {
  const v1::PingSummary icmp =
      RecordFrom("ping { dst: '192.0.2.1' sport: 5 dport: 6 }").ping().summary();
  EXPECT_EQ(icmp.method(), v1::PING_METHOD_ICMP_ECHO);
  EXPECT_EQ(icmp.probe_icmp_id(), 5u);
  EXPECT_EQ(icmp.probe_icmp_seq(), 6u);
  EXPECT_TRUE(icmp.has_probe_icmp_sum());
  EXPECT_FALSE(icmp.has_probe_sport());
  EXPECT_FALSE(icmp.has_probe_tcp_seq());
  const v1::PingSummary tcp =
      RecordFrom(
          "ping { dst: '192.0.2.1' method: PING_METHOD_TCP_RST sport: 5 dport: 6 tcp_seq: 7 }")
          .ping()
          .summary();
  EXPECT_EQ(tcp.probe_sport(), 5u);
  EXPECT_EQ(tcp.probe_dport(), 6u);
  EXPECT_EQ(tcp.probe_tcp_seq(), 7u);
  EXPECT_TRUE(tcp.has_probe_tcp_ack());
  EXPECT_FALSE(tcp.has_probe_icmp_id());
}

TEST(TraceSummaryTest, QuotedFieldsHaveTheirDefaultsOnlyWhereAProbeIsQuoted) {
  const v1::Trace trace = RecordFrom(R"pb(trace {
                                            dst: "192.0.2.1"
                                            probe_size: 60
                                            hops {
                                              probe_ttl: 1
                                              probe_size: 44
                                              src: "192.0.2.9"
                                              icmp { type: 11 }
                                            }
                                            hops {
                                              probe_ttl: 2
                                              src: "2001:db8::1"
                                              icmp { type: 2 }
                                              icmp_nhmtu: 1400
                                              icmp_q_ipl: 5
                                              icmp_q_ttl: 9
                                            }
                                            hops {
                                              probe_ttl: 3
                                              src: "192.0.2.1"
                                              icmp {}
                                              icmp_q_ttl: 9
                                            }
                                            hops {
                                              probe_ttl: 4
                                              src: "192.0.2.1"
                                              flags: 32
                                              tcp_flags: 18
                                              icmp { type: 3 code: 4 }
                                            }
                                          })pb")
                              .trace();
  EXPECT_EQ(trace.hops(0).summary().icmp_q_ttl(), 1u);
  EXPECT_EQ(trace.hops(0).summary().icmp_q_ipl(), 44u);
  EXPECT_TRUE(trace.hops(0).summary().has_icmp_q_tos());
  EXPECT_EQ(trace.hops(1).summary().icmp_nhmtu(), 1400u);
  EXPECT_EQ(trace.hops(1).summary().icmp_q_ttl(), 9u);
  EXPECT_EQ(trace.hops(1).summary().icmp_q_ipl(), 5u);
  EXPECT_FALSE(trace.hops(1).summary().has_icmp_q_tos());
  EXPECT_FALSE(trace.hops(1).summary().has_reply_tos());
  EXPECT_FALSE(trace.hops(2).summary().has_icmp_q_ttl());
  EXPECT_EQ(trace.hops(3).summary().kind(), v1::REPLY_KIND_TCP);
  EXPECT_EQ(trace.hops(3).summary().tcp_flags(), 18u);
  EXPECT_FALSE(trace.hops(3).summary().has_icmp_nhmtu());
}

TEST(TraceSummaryTest, SizesAndIdsAreNotKnownFromTheErrorQueue) {
  const v1::Trace trace =
      RecordFrom(
          "trace { dst: '192.0.2.1' flags: 128 hops { probe_ttl: 1 src: '192.0.2.9' "
          "reply_size: 5 reply_ipid: 6 reply_ttl: 7 } }")
          .trace();
  EXPECT_FALSE(trace.hops(0).summary().has_reply_size());
  EXPECT_FALSE(trace.hops(0).summary().has_reply_ipid());
  EXPECT_FALSE(trace.hops(0).summary().has_reply_ttl());
}

TEST(TraceSummaryTest, ThePathHasTheFirstReplyOfEachTtl) {
  const v1::TraceSummary summary =
      RecordFrom(R"pb(trace {
                        dst: "192.0.2.1"
                        hops {
                          probe_ttl: 2
                          probe_id: 0
                          src: "192.0.2.9"
                          rtt { nanos: 1000 }
                        }
                        hops { probe_ttl: 2 probe_id: 1 src: "192.0.2.8" }
                        hops { probe_ttl: 4 src: "192.0.2.1" }
                      })pb")
          .trace()
          .summary();
  EXPECT_EQ(summary.hop_count(), 4u);
  EXPECT_EQ(summary.stop_hop(), 4u);
  ASSERT_EQ(summary.path_size(), 4);
  EXPECT_FALSE(summary.path(0).has_hop());
  EXPECT_EQ(summary.path(1).hop(), 0u);
  EXPECT_EQ(summary.path(1).src(), "192.0.2.9");
  EXPECT_EQ(summary.path(1).rtt().nanos(), 1000);
  EXPECT_FALSE(summary.path(2).has_src());
  EXPECT_EQ(summary.path(3).ttl(), 4u);
  EXPECT_EQ(summary.path(3).hop(), 2u);
}

TEST(TraceSummaryTest, IcmpParisHasItsChecksumOnlyWhereItIsRecorded) {
  const std::string base =
      "trace { dst: '192.0.2.1' sport: 5 dport: 6 method: TRACE_METHOD_ICMP_PARIS ";
  EXPECT_EQ(RecordFrom(base + "flags: 32 }").trace().summary().probe_icmp_sum(), 6u);
  EXPECT_FALSE(RecordFrom(base + "}").trace().summary().has_probe_icmp_sum());
  EXPECT_EQ(RecordFrom(base + "}").trace().summary().probe_icmp_id(), 5u);
  EXPECT_FALSE(RecordFrom(base + "}").trace().summary().has_probe_sport());
}

TEST(TraceSummaryTest, TheFirstHopsMtuIsTheInterfacesWhereNoneIsRecorded) {
  EXPECT_EQ(
      RecordFrom("trace { dst: '::1' pmtud { if_mtu: 1500 } }").trace().pmtud().summary().out_mtu(),
      1500u);
  EXPECT_EQ(RecordFrom("trace { dst: '::1' pmtud { if_mtu: 1500 out_mtu: 9 } }")
                .trace()
                .pmtud()
                .summary()
                .out_mtu(),
            9u);
}

}  // namespace
}  // namespace scamper::records
