// SPDX-License-Identifier: Apache-2.0
// Text forms that the recordings do not hold.
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

// As it would come from a file, with its summaries.
v1::Record RecordFrom(const std::string& text) {
  v1::Record record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &record)) << text;
  return ReadOk(WriteOk(record));
}

std::string TextOf(const std::string& text) { return Text(RecordFrom(text)); }

std::string TcpReply(int flags) {
  return TextOf(
      absl::StrCat("ping { dst: '192.0.2.1' probe_count: 1 method: PING_METHOD_TCP_SYN replies { "
                   "src: '192.0.2.1' reply_proto: 6 reply_size: 40 reply_ttl: 60 tcp_flags: ",
                   flags, " rtt { nanos: 25000 } } }"));
}

TEST(PingTextTest, TcpRepliesNameTheStateOfThePort) {
  EXPECT_THAT(TcpReply(0x14),
              HasSubstr("40 bytes from 192.0.2.1, seq=0 tcp=closed ttl=60 time=0.025 ms\n"));
  EXPECT_THAT(TcpReply(0x12), HasSubstr("tcp=open ttl"));
  EXPECT_THAT(TcpReply(0x52), HasSubstr("tcp=open,ecn ttl"));
  EXPECT_THAT(TcpReply(0x08), HasSubstr("tcp=0x08 ttl"));
}

TEST(PingTextTest, TimestampRepliesShowTimesOfDay) {
  const std::string text =
      TextOf(R"pb(ping {
                    dst: "192.0.2.1"
                    probe_count: 1
                    method: PING_METHOD_ICMP_TIME
                    replies {
                      src: "192.0.2.1"
                      reply_ttl: 60
                      icmp { type: 14 }
                      icmp_timestamps { originate: 42046456 receive: 0 transmit: 4294967295 }
                    }
                  })pb");
  EXPECT_THAT(text, HasSubstr("ms tso=11:40:46.456 tsr=00:00:00.000 tst=1193:02:47.295\n"));
}

TEST(PingTextTest, OptionsFollowTheReply) {
  const std::string text = TextOf(
      R"pb(ping {
             dst: "192.0.2.1"
             probe_count: 1
             replies {
               src: "192.0.2.1"
               record_route: "203.0.113.5"
               record_route: "192.0.2.1"
               timestamps { timestamps: 1 timestamps: 22 addrs: "198.51.100.1" addrs: "192.0.2.1" }
             }
           })pb");
  EXPECT_THAT(text, HasSubstr("ms\n RR: 203.0.113.5\n     192.0.2.1\n"
                              " TS: 198.51.100.1    1\n     192.0.2.1       22\n"));
}

TEST(PingTextTest, AReplyIsCutAt255Bytes) {
  std::string routes;
  for (int i = 0; i < 20; ++i) routes += "record_route: '255.255.255.255' ";
  const std::string text = TextOf(
      "ping { dst: '192.0.2.1' probe_count: 1 replies { src: '192.0.2.1' " + routes + " } }");
  const size_t begin = text.find('\n') + 1;
  EXPECT_EQ(text.find("--- 192.0.2.1") - begin, 255u);
}

TEST(PingTextTest, DuplicatesErrorsAndLossAreCounted) {
  const std::string text = TextOf(R"pb(ping {
                                         src: "192.0.2.9"
                                         dst: "192.0.2.1"
                                         probe_count: 3
                                         probe_size: 84
                                         replies {
                                           src: "192.0.2.1"
                                           probe_id: 1
                                           rtt { nanos: 2000 }
                                           icmp {}
                                         }
                                         replies {
                                           src: "192.0.2.2"
                                           probe_id: 0
                                           rtt { nanos: 9000 }
                                           icmp { type: 11 }
                                         }
                                         replies {
                                           src: "192.0.2.1"
                                           probe_id: 1
                                           rtt { nanos: 5000 }
                                           icmp {}
                                         }
                                       })pb");
  EXPECT_EQ(text,
            "ping from 192.0.2.9 to 192.0.2.1: 84 byte packets\n"
            "0 bytes from 192.0.2.2, seq=0 ttl=0 time=0.009 ms\n"
            "0 bytes from 192.0.2.1, seq=1 ttl=0 time=0.002 ms\n"
            "0 bytes from 192.0.2.1, seq=1 ttl=0 time=0.005 ms\n"
            "--- 192.0.2.1 ping statistics ---\n"
            "3 packets transmitted, 1 packets received, +1 duplicates, +1 errors, 66% packet loss\n"
            "round-trip min/avg/max/stddev = 0.002/0.003/0.005/0.001 ms\n");
}

// One hop with that address, those hop flags, ICMP type and code, and TCP flags.
std::string HopText(const std::string& src, int flags, int type, int code, int tcp_flags) {
  const std::string text = TextOf(
      absl::StrCat("trace { dst: '192.0.2.1' hops { probe_ttl: 1 src: '", src, "' flags: ", flags,
                   " icmp { type: ", type, " code: ", code, " } tcp_flags: ", tcp_flags, " } }"));
  const std::string start = absl::StrCat(" 1  ", src, "  0.000 ms");
  const size_t at = text.find(start);
  EXPECT_NE(at, std::string::npos) << text;
  return text.substr(at + start.size());
}

TEST(TraceTextTest, IcmpIsAnnotatedUnlessExpected) {
  const struct {
    const char* src;
    int type;
    int code;
    const char* text;
  } kCases[] = {
      {"192.0.2.9", 11, 0, "\n"},         {"192.0.2.9", 0, 0, "\n"},
      {"192.0.2.9", 3, 0, " !N\n"},       {"192.0.2.9", 3, 1, " !H\n"},
      {"192.0.2.9", 3, 2, " !P\n"},       {"192.0.2.9", 3, 3, "\n"},
      {"192.0.2.9", 3, 4, " !F\n"},       {"192.0.2.9", 3, 5, " !S\n"},
      {"192.0.2.9", 3, 13, " !X\n"},      {"192.0.2.9", 3, 9, " !<9>\n"},
      {"192.0.2.9", 5, 1, " !<5,1>\n"},   {"2001:db8::1", 3, 0, "\n"},
      {"2001:db8::1", 129, 0, "\n"},      {"2001:db8::1", 1, 0, " !N\n"},
      {"2001:db8::1", 1, 1, " !P\n"},     {"2001:db8::1", 1, 2, " !S\n"},
      {"2001:db8::1", 1, 3, " !A\n"},     {"2001:db8::1", 1, 4, "\n"},
      {"2001:db8::1", 1, 5, " !<5>\n"},   {"2001:db8::1", 2, 0, " !F\n"},
      {"2001:db8::1", 4, 1, " !<4,1>\n"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(HopText(c.src, 0, c.type, c.code, 0), c.text) << c.type << "/" << c.code;
}

TEST(TraceTextTest, TcpRepliesNameTheStateOfThePort) {
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0x14), " [closed]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0x12), " [open]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0x52), " [open, ecn]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0x00), " [unknown, no flags]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0x18), " [unknown, ACK PSH]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x20, 0, 0, 0xe1), " [unknown, FIN URG CWR ECE]\n");
  EXPECT_EQ(HopText("192.0.2.1", 0x40, 5, 5, 0), "\n");
}

TEST(TraceTextTest, SilentHopsAreStarsAsManyAsAttemptsWhereAllAreMade) {
  EXPECT_EQ(TextOf("trace { dst: '192.0.2.1' hop_count: 2 attempts: 3 }"),
            "traceroute to 192.0.2.1\n 1  *\n 2  *\n");
  EXPECT_EQ(TextOf("trace { dst: '192.0.2.1' rtr: '192.0.2.9' hop_count: 1 attempts: 3 flags: 1 }"),
            "traceroute to 192.0.2.1 via 192.0.2.9\n 1  * * *\n");
  EXPECT_EQ(TextOf("trace { dst: '192.0.2.1' hop_count: 1 flags: 1 }"),
            "traceroute to 192.0.2.1\n 1 \n");
  EXPECT_THAT(TextOf("trace { dst: '192.0.2.1' hop_count: 100 attempts: 2 flags: 1 }"),
              HasSubstr("\n100 * *\n"));
}

TEST(TraceTextTest, RepliesOfOneHopShareAnAddressThatIsTheSame) {
  EXPECT_EQ(TextOf(R"pb(trace {
                          src: "192.0.2.9"
                          dst: "192.0.2.1"
                          hops {
                            probe_ttl: 1
                            src: "192.0.2.2"
                            rtt { nanos: 1000 }
                            icmp { type: 11 }
                          }
                          hops {
                            probe_ttl: 1
                            src: "192.0.2.2"
                            rtt { nanos: 2000 }
                            icmp { type: 3 code: 1 }
                          }
                          hops {
                            probe_ttl: 1
                            src: "192.0.2.3"
                            rtt { nanos: 3000 }
                            icmp { type: 11 }
                          }
                        })pb"),
            "traceroute from 192.0.2.9 to 192.0.2.1\n"
            " 1  192.0.2.2  0.001 ms  0.002 ms !H  192.0.2.3  0.003 ms\n");
}

// A path of five hops with RTT 0, and path MTU discovery.
std::string MtuText(const std::string& pmtud) {
  std::string hops;
  for (int i = 1; i <= 5; ++i) {
    absl::StrAppend(&hops, "hops { probe_ttl: ", i, " src: '192.0.2.", i * 10,
                    "' icmp { type: 11 } } ");
  }
  const std::string text =
      TextOf(absl::StrCat("trace { dst: '192.0.2.50' ", hops, "pmtud { ", pmtud, " } }"));
  // Only what comes behind the RTTs.
  std::string annotations;
  for (size_t at = text.find(" ms"); at != std::string::npos; at = text.find(" ms", at + 1)) {
    annotations += text.substr(at + 3, text.find('\n', at) - at - 2);
  }
  return annotations;
}

TEST(TraceTextTest, PathMtuWithoutNotesFollowsTheReplies) {
  EXPECT_EQ(MtuText(R"pb(version: 1
                         if_mtu: 1500
                         path_mtu: 1480
                         hops {
                           probe_ttl: 255
                           probe_size: 1500
                           src: "192.0.2.20"
                           icmp { type: 3 code: 4 }
                           icmp_nhmtu: 1480
                           icmp_q_ttl: 254
                         }
                         hops {
                           probe_ttl: 255
                           probe_size: 1480
                           src: "192.0.2.50"
                           icmp {}
                         })pb"),
            " [mtu: 1500]\n [mtu: 1500]\n [mtu: 1480]\n [mtu: 1480]\n [mtu: 1480]\n");
  // Behind the last reply nothing is known.
  EXPECT_EQ(MtuText(R"pb(version: 1
                         if_mtu: 1500
                         path_mtu: 1400
                         hops {
                           probe_ttl: 255
                           probe_size: 1500
                           src: "192.0.2.20"
                           icmp { type: 3 code: 4 }
                           icmp_nhmtu: 1400
                           icmp_q_ttl: 254
                         })pb"),
            " [mtu: 1500]\n [mtu: 1500]\n\n\n\n");
  EXPECT_EQ(MtuText("version: 1 if_mtu: 1500"), "\n\n\n\n\n");
}

TEST(TraceTextTest, PathMtuNotesNameRepliesOfOtherAddressesAndOtherMtus) {
  EXPECT_EQ(MtuText(R"pb(version: 2
                         if_mtu: 1500
                         path_mtu: 1400
                         hops {
                           probe_ttl: 255
                           probe_size: 1500
                           src: "203.0.113.1"
                           icmp { type: 3 code: 4 }
                           icmp_nhmtu: 1450
                           icmp_q_ttl: 254
                         }
                         notes { type: TRACE_PMTUD_NOTE_TYPE_PTB_BAD nhmtu: 1400 hop: 0 })pb"),
            " [mtu: 1500]\n [mtu: 1500] ptb 203.0.113.1 nhmtu 1450!\n [*mtu: 1400]\n [*mtu: "
            "1400]\n [*mtu: 1400]\n");
  // On the link of hop 2, the reply is from hop 1.
  EXPECT_EQ(
      MtuText(R"pb(version: 2
                   if_mtu: 1500
                   path_mtu: 1400
                   hops {
                     probe_ttl: 255
                     probe_size: 1500
                     src: "192.0.2.21"
                     icmp { type: 3 code: 4 }
                     icmp_nhmtu: 1400
                     icmp_q_ttl: 254
                   }
                   notes { type: TRACE_PMTUD_NOTE_TYPE_PTB nhmtu: 1400 hop: 0 })pb"),
      " [mtu: 1500] ptb 192.0.2.21\n [mtu: 1400]\n [mtu: 1400]\n [mtu: 1400]\n [mtu: 1400]\n");
}

TEST(TraceTextTest, PathMtuOfASilentLinkIsTheSizeOfTheProbesThatPassed) {
  EXPECT_EQ(MtuText(R"pb(version: 2
                         if_mtu: 9000
                         out_mtu: 8986
                         path_mtu: 8986
                         hops {
                           probe_ttl: 255
                           probe_size: 8986
                           src: "192.0.2.50"
                           icmp {}
                         }
                         notes { type: TRACE_PMTUD_NOTE_TYPE_SILENCE nhmtu: 8986 })pb"),
            " [*mtu: 8986]\n [*mtu: 8986]\n [*mtu: 8986]\n [*mtu: 8986]\n [*mtu: 8986]\n");
  EXPECT_EQ(MtuText(R"pb(version: 3 if_mtu: 1500)pb"), "\n\n\n\n\n");
}

// A client may send a message that no record gives.
TEST(TextTest, MessagesThatNoRecordGivesAreSafe) {
  v1::Record record;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(trace {
             hop_count: 4000000000
             attempts: 4000000000
             flags: 1
             stop_hop: 4000000000
             hops { probe_ttl: 0 }
             hops {
               probe_ttl: 4000000000
               rtt { seconds: -5 nanos: -1 }
             }
             pmtud {
               version: 2
               notes { hop: 7 }
               notes { hop: 0 }
               hops { probe_ttl: 4000000000 }
             }
             summary {
               hop_count: 4000000000
               path { hop: 9 }
             }
           })pb",
      &record));
  EXPECT_THAT(Text(record), HasSubstr("\n255 *"));
  EXPECT_EQ(Text(v1::Record()), "");
}

}  // namespace
}  // namespace scamper::records
