// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/sniff.pb.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

constexpr char kFull[] = R"pb(sniff {
                                list_id: 1
                                cycle_id: 2
                                userid: 3
                                src: "192.0.2.1"
                                start { seconds: 1000 nanos: 5000 }
                                finish { seconds: 1002 nanos: 4000 }
                                stop_reason: SNIFF_STOP_REASON_LIMIT_PKTC
                                limit_pkt_count: 4
                                limit_time { seconds: 65535 }
                                pkt_count: 2
                                icmp_id: 5
                                errmsg: "a\"b"
                                trailing: "x"
                                pkts {
                                  rx { seconds: 1001 }
                                  data: "E\001"
                                }
                                pkts { data_length: 7 }
                              })pb";

TEST(SniffTest, EveryFlagOfEveryBlockIsOptional) {
  EXPECT_EQ(ExpectEachFlagIsOptional(ParseRecord(kFull)), 14);
}

TEST(SniffTest, ARecordWithoutASourceIsRefused) {
  EXPECT_EQ(Write(ParseRecord("sniff { userid: 1 }")).status().message(),
            "sniff record, src: must be present");
}

TEST(SniffTest, RecordedPacketsAreWhole) {
  int captures = 0;
  for (const std::string& bytes : SplitRecords(ReadRecording("20260420", "sniff.warts"))) {
    const v1::Record record = ReadOk(bytes);
    if (!record.has_sniff()) continue;
    ++captures;
    const v1::Sniff& sniff = record.sniff();
    ASSERT_EQ(static_cast<uint32_t>(sniff.pkts_size()), sniff.pkt_count());
    for (const v1::SniffPkt& pkt : sniff.pkts()) {
      const std::string& data = pkt.data();
      ASSERT_GT(data.size(), 20u);
      ASSERT_EQ(data[0] >> 4, 4);
      // The total length of the IPv4 header.
      EXPECT_EQ(data.size(), static_cast<uint8_t>(data[2]) * 256u + static_cast<uint8_t>(data[3]));
    }
    EXPECT_EQ(
        sniff.summary().duration().seconds() * 1000000 + sniff.summary().duration().nanos() / 1000,
        (sniff.finish().seconds() - sniff.start().seconds()) * 1000000 +
            (sniff.finish().nanos() - sniff.start().nanos()) / 1000);
  }
  EXPECT_GT(captures, 0);
}

TEST(SniffTest, JsonIsOursAndNotTheTools) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  EXPECT_EQ(JsonLine(record, true), "no line");
  EXPECT_EQ(
      JsonLine(record),
      "{\"type\":\"sniff\", \"version\":\"0.1\", \"src\":\"192.0.2.1\", \"userid\":3, "
      "\"start\":{\"sec\":1000, \"usec\":5}, \"finish\":{\"sec\":1002, \"usec\":4}, "
      "\"stop_reason\":\"limit_pktc\", \"errmsg\":\"a\\\"b\", \"limit_pkt_count\":4, "
      "\"limit_time\":65535, \"icmp_id\":5, \"pkt_count\":2, \"pkts\":[{\"rx\":{\"sec\":1001, "
      "\"usec\":0}, \"len\":2, \"data\":\"4501\"}, {\"rx\":{\"sec\":0, \"usec\":0}, \"len\":7, "
      "\"data\":\"\"}]}\n");
}

}  // namespace
}  // namespace scamper::records
