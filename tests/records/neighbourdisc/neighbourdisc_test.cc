// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/neighbourdisc.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

constexpr char kFull[] = R"pb(neighbourdisc {
                                list_id: 1
                                cycle_id: 2
                                userid: 3
                                ifname: "e\"0"
                                start { seconds: 10 nanos: 5000 }
                                method: NEIGHBOURDISC_METHOD_ARP
                                wait_timeout { seconds: 1 nanos: 5000000 }
                                flags: 7
                                attempts: 4
                                stop_count: 5
                                src_ip: "192.0.2.1"
                                src_mac: "00:00:5e:00:53:99"
                                dst_ip: "192.0.2.2"
                                dst_mac: "00:00:5e:00:53:26"
                                probe_count: 2
                                errmsg: "no"
                                probes {
                                  tx { seconds: 11 nanos: 1000 }
                                  reply_count: 2
                                  replies {
                                    rx { seconds: 11 nanos: 2000 }
                                    mac: "00:00:5e:00:53:26"
                                  }
                                  replies {
                                    rx { seconds: 12 }
                                    mac: "00:01:02:03:04:05:06:07"
                                  }
                                }
                                probes {
                                  tx { seconds: 13 }
                                  reply_count: 0
                                }
                              })pb";

TEST(NeighbourdiscTest, JsonIsThatOfScampersOwnTool) {
  const std::string expected =
      LinesOfType(ReadRecording("20260420", "neighbourdisc.json"), "neighbourdisc");
  const std::string warts = ReadRecording("20260420", "neighbourdisc.warts");
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kNeighbourdisc, false), expected);
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kNeighbourdisc, true), expected);
}

TEST(NeighbourdiscTest, EveryFlagOfEveryBlockIsOptional) {
  ExpectAllFull(ParseRecord(kFull));
  EXPECT_GT(ExpectEachFlagIsOptional(ParseRecord(kFull)), 18);
}

TEST(NeighbourdiscTest, RepliesWithoutAnAddressAreRefused) {
  v1::Record record;
  EXPECT_EQ(Read(RecordOf(10, Bytes("80 80 01 0002 0001 02 0002 0001 00")), &record).message(),
            "neighbourdisc record, offset 20, reply 0, mac: expected an address of the reply");
  record = ParseRecord("neighbourdisc { probe_count: 1 probes { reply_count: 1 replies {} } }");
  EXPECT_EQ(Write(record).status().message(),
            "neighbourdisc record, reply 0, mac: must be present");
  EXPECT_EQ(Write(ParseRecord("neighbourdisc { probes {} }")).status().message(),
            "neighbourdisc record, probe_count: must be the number of items");
}

// Recorded: ARP for 198.51.100.6, two attempts with a reply each, by scamper 20211212.
constexpr char kOf20211212[] =
    "fbff01 003a 00000001 00000001 76703100 6b07082800059daf 01 03e8 01 0002 0000 "
    "0401c6336405 0603bebe08a44653 0401c6336406 06038a07a18812b5 0002 "
    "03 000c 6b0708280005e82c 0001 03 000d 6b070828000601d5 0000000003 "
    "03 000c 6b0708290005ebf3 0001 03 000d 6b0708290006054d 0000000003 ";

TEST(NeighbourdiscTest, ProbesWithTheLengthThat20211212GivesThemAreRead) {
  const v1::Record record = ReadOk(RecordOf(10, Bytes(std::string(kOf20211212) + "00000000")));
  const v1::Neighbourdisc& nd = record.neighbourdisc();
  ASSERT_EQ(nd.probes_size(), 2);
  for (const v1::NeighbourdiscProbe& probe : nd.probes()) {
    ASSERT_EQ(probe.replies_size(), 1);
    EXPECT_EQ(probe.replies(0).mac(), nd.dst_mac());
    EXPECT_GT(probe.replies(0).rx().nanos(), probe.tx().nanos());
    EXPECT_FALSE(probe.has_uninterpreted());
  }
  EXPECT_FALSE(nd.has_trailing());
  // What is written is right, and the same.
  const std::string written = WriteOk(record);
  EXPECT_THAT(written, HasSubstr(Bytes("03 000a 6b0708280005e82c 0001 03 000d")));
  EXPECT_EQ(ReadOk(written).DebugString(), record.DebugString());
}

TEST(NeighbourdiscTest, ThatLengthIsAnErrorWhereTheRestIsNotAsThere) {
  v1::Record record;
  for (const char* end : {"", "000000", "0000000000", "00000001"}) {
    const absl::Status status = Read(RecordOf(10, Bytes(std::string(kOf20211212) + end)), &record);
    EXPECT_EQ(
        status.message(),
        "neighbourdisc record, offset 89, reply 0, flags: expected as many parameter bytes as "
        "the length says")
        << end;
  }
}

TEST(NeighbourdiscTest, JsonHasEveryMember) {
  v1::List list;
  list.set_monitor("vp1");
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  const std::string start =
      R"({"type":"neighbourdisc", "version":"0.1", "method":"arp", "src_ip":"192.0.2.1", "src_mac":"00:00:5e:00:53:99", "dst_ip":"192.0.2.2", "dst_mac":"00:00:5e:00:53:26", "ifname":)";
  const std::string end =
      R"(, "userid":3, "attempts":4, "stop_count":5, "start":{"sec":10, "usec":5}, "wait_timeout":{"sec":1, "usec":5000},"errmsg":"no", "flags":["allattempts","firstresponse"],"monitor":"vp1", "probes":[{"tx":{"sec":11, "usec":1}, "replyc":2, "replies":[{"rx":{"sec":11, "usec":2}, "mac":"00:00:5e:00:53:26"},{"rx":{"sec":12, "usec":0}, "mac":"00:01:02:03:04:05:06:07"}]},{"tx":{"sec":13, "usec":0}, "replyc":0, "replies":[]}]})"
      "\n";
  // The tool does not escape the name.
  EXPECT_EQ(JsonLine(record, true, &list), start + R"("e"0")" + end);
  EXPECT_EQ(JsonLine(record, false, &list), start + R"("e\"0")" + end);
}

TEST(NeighbourdiscTest, ALongNameIsCutOnlyWithQuirks) {
  v1::Record record = ParseRecord(kFull);
  record.mutable_neighbourdisc()->set_ifname(std::string(2000, 'x'));
  EXPECT_EQ(JsonLine(record, true).find(", \"probes\":["), 1023u);
  EXPECT_THAT(JsonLine(record), HasSubstr("x\", \"userid\":3"));
}

TEST(NeighbourdiscTest, ThereIsNoText) { EXPECT_EQ(Text(ParseRecord(kFull)), ""); }

}  // namespace
}  // namespace scamper::records
