// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/udpprobe.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

constexpr char kFull[] = R"pb(udpprobe {
                                list_id: 1
                                cycle_id: 2
                                userid: 3
                                src: "192.0.2.1"
                                dst: "192.0.2.2"
                                sport: 4
                                dport: 5
                                start { seconds: 1000 nanos: 5000 }
                                wait_timeout { seconds: 2 }
                                flags: 1
                                stop_reason: UDPPROBE_STOP_REASON_DONE
                                payload: "ab"
                                reply_count: 1
                                probe_count: 3
                                probe_sent: 2
                                stop_count: 6
                                sport_wanted: 7
                                wait_probe { nanos: 1000 }
                                errmsg: "e"
                                trailing: "x"
                                probes {
                                  replies {
                                    rx { seconds: 1000 nanos: 9000 }
                                    payload: "cd"
                                    ifname: "e0"
                                  }
                                }
                                probes {
                                  tx { seconds: 1001 }
                                  sport: 8
                                  reply_count: 2
                                  replies {
                                    rx { seconds: 1000 nanos: 999999000 }
                                    payload: ""
                                    ifname: "e0"
                                  }
                                  replies { payload_length: 9 }
                                }
                              })pb";

TEST(UdpprobeTest, JsonIsThatOfScampersOwnTool) {
  const std::string expected = LinesOfType(ReadRecording("20260420", "udpprobe.json"), "udpprobe");
  const std::string warts = ReadRecording("20260420", "udpprobe.warts");
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kUdpprobe, false), expected);
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kUdpprobe, true), expected);
}

TEST(UdpprobeTest, EveryFlagOfEveryBlockIsOptional) {
  v1::Record full = ParseRecord(kFull);
  // An empty payload is read as the length that stands for it.
  full.mutable_udpprobe()->mutable_probes(1)->mutable_replies(0)->set_payload("f");
  EXPECT_GT(ExpectEachFlagIsOptional(full), 18);
}

TEST(UdpprobeTest, SummariesCoverTheFirstProbeToo) {
  const v1::Udpprobe probe = ReadOk(WriteOk(ParseRecord(kFull))).udpprobe();
  EXPECT_EQ(probe.summary().replyc(), 3u);
  EXPECT_EQ(probe.probes(0).summary().tx().seconds(), 1000);
  EXPECT_EQ(probe.probes(0).summary().sport(), 4u);
  EXPECT_EQ(probe.probes(1).summary().sport(), 8u);
  EXPECT_EQ(probe.probes(0).replies(0).summary().rtt().nanos(), 4000);
  // Received before it was sent.
  EXPECT_EQ(probe.probes(1).replies(0).summary().rtt().nanos(), -1000);
}

TEST(UdpprobeTest, JsonOfAReplyBeforeItsProbeWrapsAsInTheTool) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  EXPECT_THAT(JsonLine(record), HasSubstr("\"rtt\":{\"sec\":4294967295, \"usec\":999999}"));
  EXPECT_THAT(JsonLine(record), HasSubstr("\"flags\":[\"exitfirst\"], \"stop_reason\":\"done\""));
  EXPECT_THAT(JsonLine(record), HasSubstr("\"len\":9}]}]}\n"));
}

TEST(UdpprobeTest, ARecordWithoutProbesSurvives) {
  ExpectRoundTrip(ParseRecord("udpprobe { probe_sent: 0 }"));
  ExpectRoundTrip(ParseRecord("udpprobe { probes {} }"));
  EXPECT_EQ(Write(ParseRecord("udpprobe {}")).status().message(),
            "udpprobe record, probe_sent: must be the number of items");
}

TEST(UdpprobeTest, AFirstProbeWithATimeOrPortOfItsOwnIsRefused) {
  EXPECT_EQ(Write(ParseRecord("udpprobe { probes { tx { seconds: 1 } } }")).status().message(),
            "udpprobe record, probe 0, tx: of the first probe is start of the record");
  EXPECT_EQ(Write(ParseRecord("udpprobe { probes { sport: 1 } }")).status().message(),
            "udpprobe record, probe 0, sport: of the first probe is sport of the record");
}

TEST(UdpprobeTest, ALongPayloadIsCutOnlyWithQuirks) {
  v1::Record record = ParseRecord("udpprobe { probes {} }");
  record.mutable_udpprobe()->set_payload(std::string(3000, 'a'));
  record = ReadOk(WriteOk(record));
  EXPECT_THAT(JsonLine(record), HasSubstr("61\", \"len\":3000, \"probe_count\":1"));
  const std::string cut = JsonLine(record, true);
  EXPECT_EQ(cut.substr(4095, 14), ", \"probes\":[{\"");
}

}  // namespace
}  // namespace scamper::records
