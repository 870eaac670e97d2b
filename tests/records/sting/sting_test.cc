// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/sting.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;

constexpr char kFull[] = R"pb(sting {
                                list_id: 1
                                cycle_id: 2
                                userid: 3
                                src: "192.0.2.1"
                                dst: "198.51.100.7"
                                sport: 41000
                                dport: 80
                                count: 48
                                mean { nanos: 100000000 }
                                inter { seconds: 2 }
                                dist: STING_DISTRIBUTION_UNIFORM
                                synretx: 4
                                dataretx: 5
                                seqskip: 6
                                data: "abc"
                                start { seconds: 10 nanos: 5000 }
                                hsrtt { nanos: 20000 }
                                dataackc: 4
                                holec: 2
                                packet_count: 4
                                result: STING_RESULT_COMPLETED
                                errmsg: "no"
                                packets {
                                  flags: 5
                                  time { seconds: 11 }
                                  data: "E1"
                                }
                                packets {
                                  flags: 2
                                  time { seconds: 12 nanos: 1000 }
                                  data: "E2"
                                }
                                packets {
                                  flags: 13
                                  time { seconds: 13 }
                                  data: "E"
                                }
                                packets {
                                  flags: 12
                                  time { seconds: 14 }
                                  data: "E"
                                }
                              })pb";

TEST(StingTest, EveryFlagOfEveryBlockIsOptional) {
  ExpectAllFull(ParseRecord(kFull));
  EXPECT_GT(ExpectEachFlagIsOptional(ParseRecord(kFull)), 25);
}

TEST(StingTest, MandatoryItemsAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"sting { dst: '::1' }", "sting record, src: must be present"},
      {"sting { src: '::1' }", "sting record, dst: must be present"},
      {"sting { src: '::1' dst: '::1' packet_count: 2 packets { data: 'a' } }",
       "sting record, packet_count: must be the number of items"},
      {"sting { src: '::1' dst: '::1' packet_count: 1 packets {} }",
       "sting record, packet 0, data: must not be empty"},
      {"sting { src: '::1' dst: '::1' hsrtt { seconds: -1 } }",
       "sting record, hsrtt: must be whole microseconds within 0 - 4294967295.999999 s"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(Write(ParseRecord(c.record)).status().message(), c.message);
}

TEST(StingTest, RecordsWithoutMandatoryItemsAreMalformed) {
  v1::Record record;
  EXPECT_EQ(Read(RecordOf(12, Bytes("00")), &record).message(),
            "sting record, offset 8, src: expected a source");
  EXPECT_EQ(Read(RecordOf(12, Bytes("08 0006 0401c0000201")), &record).message(),
            "sting record, offset 8, dst: expected a destination");
  // Flags 4, 5 and 21: one packet; it has no data.
  EXPECT_EQ(Read(RecordOf(12, Bytes("98 80 40 000f 0401c0000201 0000000000 00000001 00")), &record)
                .message(),
            "sting record, offset 28, packet 0, data: expected data of the packet");
  // A length of 2 with one byte.
  EXPECT_EQ(Read(RecordOf(12, Bytes("98 80 40 000f 0401c0000201 0000000000 00000001 0c 0003 0002 "
                                    "41")),
                 &record)
                .message(),
            "sting record, offset 33, packet 0, data: expected as many bytes as the data length "
            "says");
}

TEST(StingTest, DataStoredInAnyWaySurvives) {
  // Flags 4, 5 and 15 alone, 15 and 16 without bytes, 16 alone.
  for (const char* body :
       {"98 80 01 000d 0401c0000201 0000000000 0000", "98 80 03 000d 0401c0000201 0000000000 0000",
        "98 80 02 000b 0401c0000201 0000000000"}) {
    const std::string bytes = RecordOf(12, Bytes(body));
    EXPECT_EQ(base::HexEncode(WriteOk(ReadOk(bytes))), base::HexEncode(bytes)) << body;
  }
}

TEST(StingTest, HolesAreNumbersOfDataProbes) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  EXPECT_THAT(record.sting().summary().holes(), ElementsAre(2u, 3u));
  EXPECT_EQ(Text(record),
            "sting from 192.0.2.1:41000 to 198.51.100.7:80, 48 probes, 100ms mean\n"
            " data-ack count 4, holec 2\n  probe 2 hole\n  probe 3 hole\n");
  v1::Record none = record;
  none.mutable_sting()->set_holec(0);
  EXPECT_EQ(Text(none),
            "sting from 192.0.2.1:41000 to 198.51.100.7:80, 48 probes, 100ms mean\n"
            " data-ack count 4, holec 0\n");
}

TEST(StingTest, JsonIsOursOnly) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  EXPECT_EQ(JsonLine(record, true), "no line");
  EXPECT_EQ(
      JsonLine(record),
      R"({"type":"sting", "version":"0.1", "userid":3, "src":"192.0.2.1", "dst":"198.51.100.7", "sport":41000, "dport":80, "start":{"sec":10, "usec":5}, "count":48, "mean":{"sec":0, "usec":100000}, "inter":{"sec":2, "usec":0}, "dist":"uniform", "synretx":4, "dataretx":5, "seqskip":6, "hsrtt":0.020, "dataackc":4, "holec":2, "result":"completed","errmsg":"no", "holes":[2,3], "pkts":[{"flags":["tx","data"], "time":{"sec":11, "usec":0}, "len":2}, {"flags":["rx"], "time":{"sec":12, "usec":1}, "len":2}, {"flags":["tx","data","hole"], "time":{"sec":13, "usec":0}, "len":1}, {"flags":["data","hole"], "time":{"sec":14, "usec":0}, "len":1}]})"
      "\n");
}

}  // namespace
}  // namespace scamper::records
