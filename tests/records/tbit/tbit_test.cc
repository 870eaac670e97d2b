// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/tbit.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kFull[] = R"pb(
  list_id: 1
  cycle_id: 2
  userid: 3
  src: "192.0.2.1"
  dst: "198.51.100.7"
  sport: 40000
  dport: 80
  start { seconds: 1700000000 nanos: 100000000 }
  client_mss: 1460
  server_mss: 1400
  synretx: 1
  dataretx: 2
  packet_count16: 2
  packet_count: 2
  fo_cookie: "abc"
  wscale: 7
  options: 7
  ttl: 64
  errmsg: "no"
  packets {
    dir: TBIT_DIRECTION_TX
    time { seconds: 1700000000 }
    data: "x"
  }
  packets {
    dir: TBIT_DIRECTION_RX
    time { seconds: 1700000001 }
    data: "y"
  })pb";

std::vector<std::string> FullRecords() {
  const auto full = [](const char* type, const char* app, const char* structures) {
    return absl::StrCat("tbit { result: TBIT_RESULT_HALTED type: TBIT_TYPE_", type,
                        " app: TBIT_APP_", app, " ", structures, kFull, "}");
  };
  return {
      full("PMTUD", "HTTP",
           "pmtud { mtu: 1280 ptb_retx: 4 options: 3 ptbsrc: '192.0.2.9' } "
           "http { host: 'a.example' file: '/x' type: TBIT_HTTP_TYPE_HTTPS }"),
      full("NULL", "BGP", "null_test { options: 129 results: 7 } bgp { asn: 64496 }"),
      full("ICW", "SMTP", "icw { start_seq: 1 } unknown_structures { type: 2 body: 'abc' }"),
      full("BLIND_SYN", "HTTP",
           "blind { off: -70000 retx: 3 } http { host: '' file: '' type: "
           "TBIT_HTTP_TYPE_UNSPECIFIED }"),
      full("ECN", "BGP",
           "bgp { asn: 1 } unknown_structures { type: 1 body: '' } "
           "unknown_structures { type: 3 body: 'x' }"),
  };
}

// An IPv4 packet of TCP from the client, or to it; flags, options and data as hexadecimal digits.
std::string Tcp4(bool tx, const std::string& id_and_fragment, const std::string& seq_and_ack,
                 const std::string& flags, const std::string& window, const std::string& options,
                 size_t data) {
  const size_t header = 20 + Bytes(options).size();
  return Bytes(absl::StrCat(
             "4500", absl::Hex(20 + header + data, absl::kZeroPad4), id_and_fragment,
             tx ? "40060000c0000201c6336407 9c400050" : "3a060000c6336407c0000201 00509c40",
             seq_and_ack, absl::Hex(header / 4), "0", flags, window, "00000000", options)) +
         std::string(data, 'd');
}

v1::Record Example() {
  v1::Record record = ParseRecord(R"pb(tbit {
                                         src: "192.0.2.1"
                                         dst: "198.51.100.7"
                                         sport: 40000
                                         dport: 80
                                         start { seconds: 1700000000 nanos: 100000000 }
                                         client_mss: 1460
                                         server_mss: 1400
                                         ttl: 64
                                         result: TBIT_RESULT_NULL_SUCCESS
                                         type: TBIT_TYPE_NULL
                                         app: TBIT_APP_HTTP
                                         options: 2
                                         null_test { options: 17 results: 3 }
                                         http { host: "www.example.com" file: "/" }
                                       })pb");
  return record;
}

void AddPacket(bool tx, int micros, const std::string& data, v1::Record* record) {
  v1::TbitPacket* packet = record->mutable_tbit()->add_packets();
  packet->set_dir(tx ? v1::TBIT_DIRECTION_TX : v1::TBIT_DIRECTION_RX);
  packet->mutable_time()->set_seconds(1700000000);
  packet->mutable_time()->set_nanos(100000000 + micros * 1000);
  packet->set_data(data);
  record->mutable_tbit()->set_packet_count(
      static_cast<uint32_t>(record->mutable_tbit()->packets_size()));
}

// The record of the examples in the descriptions of both forms.
v1::Record ExampleWithPackets() {
  v1::Record record = Example();
  AddPacket(true, 100,
            Tcp4(true, "12344000", "0000100000000000", "02", "ffff",
                 "020405b40402080a0000006400000000", 0),
            &record);
  AddPacket(
      false, 20600,
      Tcp4(false, "00010000", "0000900000001001", "12", "7210", "02040578 0101 0402 01 030307", 0),
      &record);
  AddPacket(true, 41100, Tcp4(true, "12354000", "0000100100009001", "18", "ffff", "", 20), &record);
  AddPacket(false, 61600,
            Tcp4(false, "00020000", "0000910100001015", "10", "7210",
                 "0101 0512 00001020 00001030 00001040 00001050 00000000", 0),
            &record);
  AddPacket(false, 82100, Tcp4(false, "00030000", "0000920100001015", "11", "7210", "", 0),
            &record);
  return ReadOk(WriteOk(record));
}

// A record with that one packet.
v1::Record OnePacket(bool tx, const std::string& data) {
  v1::Record record = Example();
  AddPacket(tx, 0, data, &record);
  return ReadOk(WriteOk(record));
}

TEST(TbitTest, JsonIsThatOfScampersOwnTool) {
  const std::string expected = LinesOfType(ReadRecording("20260420", "tbit.json"), "tbit");
  const std::string warts = ReadRecording("20260420", "tbit.warts");
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kTbit, false), expected);
  EXPECT_EQ(JsonOfFile(warts, v1::Record::kTbit, true), expected);
}

TEST(TbitTest, EveryFlagOfEveryBlockIsOptional) {
  int accepted = 0;
  for (const std::string& text : FullRecords()) {
    SCOPED_TRACE(text);
    ExpectAllFull(ParseRecord(text));
    accepted += ExpectEachFlagIsOptional(ParseRecord(text));
  }
  EXPECT_GT(accepted, 120);
}

TEST(TbitTest, StructuresThatDoNotBelongAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"pmtud {}", "pmtud: must be of the type of the test, or of the application"},
      {"type: TBIT_TYPE_ICW null_test {}",
       "null_test: must be of the type of the test, or of the application"},
      {"bgp {}", "bgp: must be of the type of the test, or of the application"},
      {"type: TBIT_TYPE_ICW unknown_structures { type: 1 }",
       "unknown structure 0, type: must be within 1 - 65535, and none that the test or application "
       "has"},
      {"unknown_structures { type: 1 } unknown_structures { type: 1 }",
       "unknown structure 1, type: must be there once"},
      {"packet_count: 1 packets {}", "packet 0, data: must not be empty"},
      {"packets { data: 'a' }", "packet_count: must be the number of items"},
      {"fo_cookie: '12345678901234567'", "fo_cookie: must be at most 16 bytes"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Write(ParseRecord(absl::StrCat("tbit { src: '::1' dst: '::1' ", c.record, "}")))
                  .status()
                  .message(),
              absl::StrCat("tbit record, ", c.message));
  }
  EXPECT_EQ(Write(ParseRecord("tbit { dst: '::1' }")).status().message(),
            "tbit record, src: must be present");
}

// Source and destination, then what follows.
std::string Body(const std::string& flags, const std::string& params, const std::string& items) {
  const std::string bytes = Bytes("0401c0000201 0000000000" + params);
  return RecordOf(11, Bytes(absl::StrCat(flags, absl::Hex(bytes.size(), absl::kZeroPad4))) + bytes +
                          Bytes(items));
}

TEST(TbitTest, StructuresAreReadByTypeAndKeptWhereUnknown) {
  // Type pmtud: its structure with bytes behind, then an unknown one, then bytes behind all.
  const std::string bytes =
      Body("98 04", "01", "0001 00000007 01 0002 0500 beef 0009 00000001 aa 0000 cafe");
  const v1::Record record = ReadOk(bytes);
  EXPECT_EQ(record.tbit().pmtud().mtu(), 0x500u);
  EXPECT_EQ(record.tbit().pmtud().trailing(), "\xbe\xef");
  EXPECT_EQ(record.tbit().unknown_structures(0).type(), 9u);
  EXPECT_EQ(record.tbit().trailing(), "\xca\xfe");
  EXPECT_EQ(base::HexEncode(WriteOk(record)), base::HexEncode(bytes));
  v1::Record twice;
  const std::string repeated = Body("98 04", "01", "0001 00000001 00 0001 00000001 00 0000");
  EXPECT_THAT(std::string(Read(repeated, &twice).message()),
              HasSubstr("structures: expected at most one structure of its kind"));
  EXPECT_THAT(std::string(Read(Body("18", "", "0001 00000009 00"), &twice).message()),
              HasSubstr("expected as many bytes as the structure's length says"));
}

// Flags 16 and 17.
TEST(TbitTest, ThePacketCountOfOldWritersCountsWhereTheOtherIsZero) {
  for (const char* count : {"82", "86"}) {
    const bool both = std::string(count) == "86";
    const std::string bytes = Body(absl::StrCat("98 80 ", both ? "06" : "02"),
                                   both ? "0001 00000000" : "0001", "0c 0003 0001 45 0000");
    const v1::Record record = ReadOk(bytes);
    EXPECT_EQ(record.tbit().packets_size(), 1);
    EXPECT_EQ(base::HexEncode(WriteOk(record)), base::HexEncode(bytes));
  }
}

TEST(TbitTest, TheExampleIsPrintedInBothForms) {
  const v1::Record record = ExampleWithPackets();
  EXPECT_EQ(Text(record),
            "tbit from 192.0.2.1 to 198.51.100.7\n"
            " server-mss 1400, result: null-success\n"
            " app: http, url: http://www.example.com/\n"
            " [  0.000] TX SYN             56  seq = 0:0              1234\n"
            " [  0.020] RX SYN/ACK         52  seq = 0:1              0001\n"
            " [  0.041] TX                 60  seq = 1:1(20)          1235 DF\n"
            " [  0.061] RX                 64  seq = 257:21 {32:48,64:80} 0002\n"
            " [  0.082] RX FIN             40  seq = 513:21           0003\n");
  v1::List list;
  list.set_monitor("mon");
  EXPECT_EQ(
      JsonLine(record, true, &list),
      R"({"type":"tbit", "tbit_type":"null", "userid":0, "src":"192.0.2.1", "dst":"198.51.100.7", "sport":40000, "dport":80, "start":{"sec":1700000000,"usec":100000}, "client_mss":1460, "server_mss":1400, "ttl":64, "result":"null-success", "options":["sack"], "client_isn":4096, "server_isn":36864, "null_options":["tcpts","sack"], "null_results":["tcpts-ok","sack-ok"], "app":"http", "http_url":"http://www.example.com/","monitor":"mon", "pkts":[{"dir":"tx", "tv_sec":0, "tv_usec":100, "len":56, "ip_hlen":20, "ip_ecn":0, "ip_ttl":64, "frag_id":4660, "frag_off":0, "frag_mf":0, "frag_df":0, "tcp_hlen":36, "tcp_flags":["syn"], "tcp_options":[{"kind":"sack-ok"},{"kind":"ts", "val":100, "ecr":0}], "tcp_seq":0, "tcp_datalen":0, "tcp_win":65535}, {"dir":"rx", "tv_sec":0, "tv_usec":20600, "len":52, "ip_hlen":20, "ip_ecn":0, "ip_ttl":58, "frag_id":1, "frag_off":0, "frag_mf":0, "frag_df":0, "tcp_hlen":32, "tcp_flags":["syn","ack"], "tcp_options":[{"kind":"nop"}, {"kind":"nop"},{"kind":"sack-ok"}, {"kind":"nop"},{"kind":"wscale", "shift":7}], "tcp_seq":0, "tcp_ack":1, "tcp_datalen":0, "tcp_win":29200}, {"dir":"tx", "tv_sec":0, "tv_usec":41100, "len":60, "ip_hlen":20, "ip_ecn":0, "ip_ttl":64, "frag_id":4661, "frag_off":0, "frag_mf":0, "frag_df":0, "tcp_hlen":20, "tcp_flags":["psh","ack"], "tcp_options":[], "tcp_seq":1, "tcp_ack":1, "tcp_datalen":20, "tcp_win":65535}, {"dir":"rx", "tv_sec":0, "tv_usec":61600, "len":64, "ip_hlen":20, "ip_ecn":0, "ip_ttl":58, "frag_id":2, "frag_off":0, "frag_mf":0, "frag_df":0, "tcp_hlen":44, "tcp_flags":["ack"], "tcp_options":[{"kind":"nop"}, {"kind":"nop"},{"kind":"sack", "blocks":[{"left":32, "right":48},{"left":64, "right":80}]}, {"kind":"eol"}], "tcp_seq":257, "tcp_ack":21, "tcp_datalen":0, "tcp_win":29200}, {"dir":"rx", "tv_sec":0, "tv_usec":82100, "len":40, "ip_hlen":20, "ip_ecn":0, "ip_ttl":58, "frag_id":3, "frag_off":0, "frag_mf":0, "frag_df":0, "tcp_hlen":20, "tcp_flags":["fin","ack"], "tcp_options":[], "tcp_seq":513, "tcp_ack":21, "tcp_datalen":0, "tcp_win":29200}]})"
      "\n");
}

TEST(TbitTest, HeadersOfOtherTestsArePrinted) {
  const std::vector<std::string> records = FullRecords();
  const char* const kParts[] = {
      R"("ttl":64, "result":"halted", "options":["tcpts","sack",4],"errmsg":"no", "wscale":7, "fo_cookie":"616263", "mtu":1280, "ptb_retx":4, "ptbsrc":"192.0.2.9", "pmtud_options":["blackhole",2], "app":"http", "http_url":"https://a.example/x", "pkts":[{"dir":"tx", "tv_sec":4294967295, "tv_usec":900000, "len":1}, )",
      R"("null_options":["tcpts",128], "null_results":["tcpts-ok","sack-ok","fo-ok"], "app":"bgp", "bgp_asn":64496, )",
      R"("tbit_type":"icw", )",
      R"("blind_off":-70000, "blind_retx":3, "app":"http", "http_url":"http://", )",
      R"("app":"bgp", "bgp_asn":1, )",
  };
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_THAT(JsonLine(ReadOk(WriteOk(ParseRecord(records[i]))), true), HasSubstr(kParts[i]));
  }
  EXPECT_THAT(Text(ParseRecord("tbit { app: TBIT_APP_HTTP http { file: '/x' } }")),
              EndsWith("\n app: http, file: /x\n"));
  EXPECT_THAT(Text(ParseRecord("tbit { app: TBIT_APP_HTTP http {} result: 99 }")),
              EndsWith("result: 99\n app: http\n"));
}

// What the server sent before it sent its first segment again.
TEST(TbitTest, TheInitialWindowIsDerived) {
  v1::Record record = ParseRecord(
      "tbit { src: '192.0.2.1' dst: '198.51.100.7' type: TBIT_TYPE_ICW result: "
      "TBIT_RESULT_ICW_SUCCESS icw { start_seq: 1 } }");
  AddPacket(true, 0, Tcp4(true, "00010000", "0000100000000000", "02", "ffff", "", 0), &record);
  AddPacket(false, 1, Tcp4(false, "00010000", "0000900000001001", "12", "ffff", "", 0), &record);
  AddPacket(false, 2, Tcp4(false, "00010000", "0000900100001001", "10", "ffff", "", 100), &record);
  AddPacket(false, 3, Tcp4(false, "00010000", "0000906500001001", "10", "ffff", "", 50), &record);
  // Far behind, and without data.
  AddPacket(false, 4, Tcp4(false, "00010000", "8000906500001001", "10", "ffff", "", 50), &record);
  AddPacket(false, 5, Tcp4(false, "00010000", "0000a00000001001", "10", "ffff", "", 0), &record);
  EXPECT_FALSE(ReadOk(WriteOk(record)).tbit().summary().has_icw_bytes());
  AddPacket(false, 6, Tcp4(false, "00010000", "0000900100001001", "10", "ffff", "", 100), &record);
  const v1::Record read = ReadOk(WriteOk(record));
  EXPECT_EQ(read.tbit().summary().icw_bytes(), 150u);
  EXPECT_THAT(JsonLine(read), HasSubstr("\"server_isn\":36864, \"icw_bytes\":150, \"pkts\""));
  record.mutable_tbit()->set_result(v1::TBIT_RESULT_ICW_TOOSHORT);
  EXPECT_FALSE(ReadOk(WriteOk(record)).tbit().summary().has_icw_bytes());
}

TEST(TbitTest, AFastOpenOptionWithoutACookieIsClosedOnlyWithoutQuirks) {
  const v1::Record record = OnePacket(true, Tcp4(true, "00010000", "0000100000000000", "02", "ffff",
                                                 "2202 fe04f989 2204aabb fe06f989ccdd", 0));
  EXPECT_THAT(JsonLine(record, true),
              HasSubstr(R"([{"kind":"fo", {"kind":"fo-exp", {"kind":"fo", "cookie":"aabb"}, )"
                        R"({"kind":"fo-exp", "cookie":"ccdd"}])"));
  EXPECT_THAT(JsonLine(record),
              HasSubstr(R"([{"kind":"fo"}, {"kind":"fo-exp"}, {"kind":"fo", "cookie":"aabb"}, )"
                        R"({"kind":"fo-exp", "cookie":"ccdd"}])"));
}

// An IPv6 packet with a TCP segment of flags RST and sequence number 0 behind `headers`.
std::string Tcp6(const std::string& next, const std::string& headers) {
  const size_t size = Bytes(headers).size() + 20;
  return Bytes(absl::StrCat("60300000", absl::Hex(size, absl::kZeroPad4), next, "40",
                            std::string(64, '0'), headers,
                            "9c400050 00000000 00000005 5004 0010 00000000"));
}

TEST(TbitTest, ExtensionHeadersOf8BytesArePassedOverInJsonOnly) {
  const v1::Record record = OnePacket(false, Tcp6("00", "0600000000000000"));
  EXPECT_THAT(JsonLine(record),
              HasSubstr(R"("ip_hlen":48, "ip_ecn":3, "ip_ttl":64, "tcp_hlen":20)"));
  EXPECT_THAT(Text(record), EndsWith("\n [  0.000] RX \n"));
  const v1::Record longer = OnePacket(false, Tcp6("3c", "06010000000000000000000000000000"));
  EXPECT_THAT(JsonLine(longer), HasSubstr(R"("ip_hlen":56, "ip_ecn":3)"));
  EXPECT_THAT(Text(longer), EndsWith(" RX RST             76  seq = 0:5              CE\n"));
}

TEST(TbitTest, FragmentsArePrinted) {
  const v1::Record first = OnePacket(true, Tcp6("2c", "06000001 00abcdef"));
  EXPECT_THAT(JsonLine(first),
              HasSubstr(R"("frag_id":11259375, "frag_off":0, "frag_mf":1, "tcp_hlen")"));
  EXPECT_THAT(Text(first),
              EndsWith(" TX RST             68F seq = 0:5             abcdef:0 MF CE\n"));
  const v1::Record later =
      OnePacket(true, Tcp4(true, "0a1f2003", "0000100000000000", "10", "ffff", "", 4));
  EXPECT_THAT(JsonLine(later),
              HasSubstr(R"("frag_id":2591, "frag_off":24, "frag_mf":1, "frag_df":0}])"));
  EXPECT_THAT(Text(later), EndsWith(" TX " + std::string(13, ' ') + "   44F" +
                                    std::string(23, ' ') + " 0a1f:24 MF\n"));
}

TEST(TbitTest, PacketsTooBigNameTheMtu) {
  const std::string start = "4500 0038 0001 0000 40 01 0000 c6336407 c0000201";
  EXPECT_THAT(Text(OnePacket(false, Bytes(start + "0304 0000 0000 0500"))),
              EndsWith(" RX PTB             56  mtu = 1280\n"));
  EXPECT_THAT(Text(OnePacket(false, Bytes(start + "0303 0000 0000 0500"))), EndsWith(" RX \n"));
}

TEST(TbitTest, PacketsShorterThanTheirHeadersAreSafe) {
  const std::string whole = Tcp4(true, "00010000", "0000100000000000", "02", "ffff",
                                 "020405b40402080a0000006400000000", 0);
  const std::string v6 = Tcp6("00", "2c010000000000000000000000000000 06000000 00000001");
  for (const std::string& packet : {whole, v6}) {
    for (size_t n = 1; n < packet.size(); ++n) {
      const v1::Record record = OnePacket(true, packet.substr(0, n));
      EXPECT_THAT(JsonLine(record), EndsWith("}]}\n"));
      EXPECT_THAT(Text(record), StartsWith("tbit from"));
    }
  }
}

}  // namespace
}  // namespace scamper::records
