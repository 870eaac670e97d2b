// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/owamp.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

constexpr char kFull[] = R"pb(owamp {
                                list_id: 1
                                cycle_id: 2
                                userid: 3
                                src: "2001:db8::1"
                                dst: "2001:db8::2"
                                dport: 862
                                flags: 1
                                start { seconds: 1000 nanos: 5000 }
                                start_at { seconds: 1001 }
                                wait_timeout { seconds: 70000 nanos: 1000 }
                                schedule_count: 2
                                attempts: 4
                                pktsize: 62
                                direction: OWAMP_DIRECTION_RX
                                dscp: 5
                                ttl: 64
                                handshake_rtt { nanos: 52396000 }
                                result: OWAMP_RESULT_DONE
                                errmsg: "e"
                                udp_sport: 6
                                udp_dport: 7
                                tx_count: 2
                                trailing: "x"
                                schedule {
                                  interval { nanos: 100000000 }
                                  type: OWAMP_SCHEDULE_TYPE_EXP
                                }
                                schedule {}
                                txs {
                                  scheduled { seconds: 1001 }
                                  stamp { seconds: 1001 nanos: 9000 }
                                  seq: 8
                                  error_estimate: 9
                                  flags: 2
                                  rx_count: 2
                                  rxs {
                                    stamp { seconds: 1001 nanos: 10000 }
                                    error_estimate: 10
                                    flags: 7
                                    dscp: 11
                                    ttl: 12
                                  }
                                  rxs {
                                    stamp { seconds: 1001 }
                                    dscp: 1
                                    ttl: 2
                                  }
                                }
                                txs { seq: 9 flags: 1 }
                              })pb";

TEST(OwampTest, EveryFlagOfEveryBlockIsOptional) {
  v1::Record full = ParseRecord(kFull);
  ExpectFull(full.owamp());
  ExpectFull(full.owamp().schedule(0));
  ExpectFull(full.owamp().txs(0));
  ExpectFull(full.owamp().txs(0).rxs(0));
  EXPECT_GT(ExpectEachFlagIsOptional(full), 30);
  full.mutable_owamp()->clear_errmsg();
  full.mutable_owamp()->set_errmsg_bytes("\xff");
  ExpectRoundTrip(full);
}

// The bytes that follow from the tables of the format: flags 5 and 6, a schedule, no packets.
TEST(OwampTest, ARecordWithoutAScheduleCountHasOne) {
  const std::string bytes =
      RecordOf(17, Bytes("30 0008 0401c0000202 035e 03 0009 00000000 000186a0 01"));
  const v1::Record record = ReadOk(bytes);
  EXPECT_EQ(record.owamp().dst(), "192.0.2.2");
  EXPECT_EQ(record.owamp().dport(), 862u);
  ASSERT_EQ(record.owamp().schedule_size(), 1);
  EXPECT_EQ(record.owamp().schedule(0).interval().nanos(), 100000000);
  EXPECT_EQ(record.owamp().schedule(0).type(), v1::OWAMP_SCHEDULE_TYPE_EXP);
  EXPECT_EQ(WriteOk(record), bytes);
  EXPECT_EQ(Write(ParseRecord("owamp {}")).status().message(),
            "owamp record, schedule_count: must be the number of items");
}

TEST(OwampTest, SummaryFillsInWhatIsNotRecorded) {
  const v1::OwampSummary summary =
      ReadOk(WriteOk(ParseRecord("owamp { schedule_count: 0 }"))).owamp().summary();
  EXPECT_EQ(summary.dport(), 861u);
  EXPECT_EQ(summary.wait_timeout().seconds(), 2);
  EXPECT_EQ(summary.attempts(), 10u);
  EXPECT_EQ(summary.pktsize(), 42u);
  EXPECT_EQ(summary.direction(), v1::OWAMP_DIRECTION_TX);
  EXPECT_EQ(summary.ttl(), 255u);
}

TEST(OwampTest, SummaryCountsPacketsAndDelays) {
  const v1::Owamp owamp = ReadOk(WriteOk(ParseRecord(kFull))).owamp();
  EXPECT_EQ(owamp.summary().sent(), 1u);
  EXPECT_EQ(owamp.summary().received(), 1u);
  EXPECT_EQ(owamp.summary().duplicates(), 1u);
  EXPECT_EQ(owamp.txs(0).rxs(0).summary().delay().nanos(), 1000);
  EXPECT_EQ(owamp.txs(0).rxs(1).summary().delay().nanos(), -9000);
}

TEST(OwampTest, JsonOfAllMembers) {
  v1::List list;
  list.set_monitor("vp");
  EXPECT_EQ(
      JsonLine(ReadOk(WriteOk(ParseRecord(kFull))), true, &list),
      "{\"type\":\"owamp\",\"dir\":\"rx\",\"src\":\"2001:db8::1\",\"dst\":\"2001:db8::2\","
      "\"dport\":862,\"start\":{\"sec\":1000,\"usec\":5},\"startat\":{\"sec\":1001,\"usec\":0},"
      "\"wait_timeout\":{\"sec\":70000,\"usec\":1},\"hsrtt\":{\"sec\":0,\"usec\":52396},"
      "\"userid\":3,\"attempts\":4,\"pktsize\":62,\"dscp\":5,\"udp_sport\":6,\"udp_dport\":7,"
      "\"result\":\"done\",\"errmsg\":\"e\",\"monitor\":\"vp\","
      "\"sched\":[{\"value\":{\"sec\":0,\"usec\":100000},\"type\":\"exponential\"},"
      "{\"value\":{\"sec\":0,\"usec\":0},\"type\":\"fixed\"}],"
      "\"txs\":[{\"stamp\":{\"sec\":1001,\"usec\":9},\"seq\":8,\"errest\":9,\"rxc\":2,\"sent\":1,"
      "\"rxs\":[{\"stamp\":{\"sec\":1001,\"usec\":10},\"errest\":10,\"dscp\":11,\"ttl\":12},"
      "{\"stamp\":{\"sec\":1001,\"usec\":0}}]},"
      "{\"stamp\":{\"sec\":0,\"usec\":0},\"seq\":9,\"rxc\":0,\"sent\":0,\"rxs\":[]}]}\n");
}

TEST(OwampTest, JsonWithoutAScheduleHasNoSched) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord("owamp { schedule_count: 0 }")));
  EXPECT_THAT(JsonLine(record), HasSubstr("\"result\":\"none\",\"txs\":[]}\n"));
}

}  // namespace
}  // namespace scamper::records
