// SPDX-License-Identifier: Apache-2.0
#include "scamper/v1/http.pb.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "server/records/http/http_message.h"
#include "tests/records/every_flag_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kFull[] =
    R"pb(http {
           list_id: 1
           cycle_id: 2
           userid: 3
           src: "192.0.2.1"
           dst: "192.0.2.2"
           sport: 4
           dport: 8080
           start { seconds: 1000 nanos: 5000 }
           stop_reason: HTTP_STOP_REASON_DONE
           type: HTTP_TYPE_HTTP
           host: "a.example"
           file: "/x?\""
           headers { lines: "Accept: text/plain" lines: "X: y" }
           buf_count: 5
           handshake_rtt { nanos: 7000 }
           flags: 3
           max_time { seconds: 60 nanos: 1000 }
           errmsg: "e"
           ech_status: HTTP_ECH_STATUS_SUCCESS
           ech_outer_sni: "outer.example"
           trailing: "abcd"
           bufs {
             direction_and_type: 129
             timestamp { seconds: 1001 }
             payload: "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n\000"
           }
           bufs { direction_and_type: 1 payload: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chun" }
           bufs { direction_and_type: 1 payload: "ked\r\nX-Two:  b \r\nempty:\r\n:none\r\n\r\n" }
           bufs { payload: "3\r\nabc\r\n02\r\nde\r\n0\r\n\r\n" }
           bufs { direction_and_type: 2 payload_length: 5 }
           attributes { type: 1 body: "\001\002" }
           attributes { type: 2 body: "" }
           attributes { type: 9 body: "zz" }
         })pb";

TEST(HttpTest, EveryFlagOfEveryBlockIsOptional) {
  const v1::Record full = ParseRecord(kFull);
  ExpectFull(full.http());
  EXPECT_GT(ExpectEachFlagIsOptional(full), 28);
}

TEST(HttpTest, SummaryOfMessage) {
  const v1::HttpSummary summary = ReadOk(WriteOk(ParseRecord(kFull))).http().summary();
  EXPECT_EQ(summary.url(), "http://a.example:8080/x?\"");
  EXPECT_EQ(summary.status_code(), 200u);
  EXPECT_EQ(summary.response(), "abcde");
  ASSERT_EQ(summary.response_headers_size(), 2);
  EXPECT_EQ(summary.response_headers(0).name(), "Transfer-Encoding");
  EXPECT_EQ(summary.response_headers(0).value(), "Chunked");
  EXPECT_EQ(summary.response_headers(1).value(), "b");
  EXPECT_EQ(summary.transmit_hdr(), "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
  EXPECT_EQ(summary.transmit_headers(0).value(), "a.example");
  EXPECT_EQ(summary.ech_config_list(), "\x01\x02");
  EXPECT_TRUE(summary.has_ech_retry_config());
}

TEST(HttpTest, PortsOfTheTypeAreLeftOutOfTheUrl) {
  const auto summary = [](const std::string& fields) {
    return ReadOk(WriteOk(ParseRecord("http { host: 'h' file: '/' " + fields + " }")))
        .http()
        .summary();
  };
  EXPECT_EQ(summary("").url(), "https://h/");
  EXPECT_EQ(summary("").dport(), 443u);
  EXPECT_EQ(summary("type: HTTP_TYPE_HTTP").url(), "http://h/");
  EXPECT_EQ(summary("type: HTTP_TYPE_HTTP dport: 443").url(), "http://h:443/");
  EXPECT_FALSE(summary("type: 7 dport: 1").has_url());
  EXPECT_EQ(Write(ParseRecord("http { type: 7 }")).status().message(),
            "http record, dport: must be present with such a type");
}

TEST(HttpTest, StatusCodes) {
  EXPECT_EQ(HttpStatusCode("HTTP/1.1 404 Not Found\r\n"), 404u);
  EXPECT_EQ(HttpStatusCode("HTTP/1.0  100\r\n"), 100u);
  for (const char* line : {"HTTP/1.1 404 Not Found\n", "HTTP/2 200\r\n", "ICY 200 OK\r\n",
                           "HTTP/1.1 2000\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1200\r\n", ""}) {
    EXPECT_EQ(HttpStatusCode(line), std::nullopt) << line;
  }
  EXPECT_EQ(HttpStatusCode("HTTP/1.1 200 " + std::string(200, 'x') + "\r\n"), std::nullopt);
}

TEST(HttpTest, Chunks) {
  EXPECT_EQ(JoinHttpChunks("3\r\nabc\r\n0\r\n\r\n"), "abc");
  EXPECT_EQ(JoinHttpChunks("0003\nabc\r\nA\r\n0123456789\r\n"), "abc0123456789");
  EXPECT_EQ(JoinHttpChunks("5\r\nabc"), "abc");
  EXPECT_EQ(JoinHttpChunks("3;x=y\r\nabc\r\n"), std::nullopt);
  EXPECT_EQ(JoinHttpChunks("ffffffffff\r\nabc"), std::nullopt);
  EXPECT_EQ(JoinHttpChunks("3\r\nabcdef"), std::nullopt);
}

TEST(HttpTest, HeadersThatAreNotUtf8AreTakenAsLatin1) {
  const v1::HttpSummary summary =
      ReadOk(WriteOk(ParseRecord("http { buf_count: 1 bufs { direction_and_type: 1 "
                                 "payload: 'HTTP/1.1 200 OK\\r\\nX: \\351\\r\\n\\r\\n' } }")))
          .http()
          .summary();
  EXPECT_EQ(summary.response_headers(0).value(), "\xc3\xa9");
}

TEST(HttpTest, TextThatIsNotUtf8IsBytesAndWhatFollowsIsRead) {
  ExpectRoundTrip(ParseRecord(
      "http { host_bytes: 'a\\351' file_bytes: '\\377' headers { lines_bytes: 'a' lines_bytes: "
      "'\\377' } buf_count: 1 bufs {} }"));
}

TEST(HttpTest, WhatIsTooShortForAnAttributeSurvivesAndMoreIsRefused) {
  EXPECT_EQ(ReadOk(WriteOk(ParseRecord("http { trailing: 'abcd' }"))).http().trailing(), "abcd");
  EXPECT_EQ(Write(ParseRecord("http { trailing: 'abcde' }")).status().message(),
            "http record, trailing: must be shorter than 5 bytes");
  v1::Record record;
  EXPECT_THAT(
      std::string(Read(RecordOf(15, Bytes("00 01 00000002 aa")), &record).message()),
      HasSubstr("attribute 0, body: expected as many bytes as the attribute's length says"));
}

TEST(HttpTest, JsonIsOursAndNotTheTools) {
  const v1::Record record = ReadOk(WriteOk(ParseRecord(kFull)));
  EXPECT_EQ(JsonLine(record, true), "no line");
  const std::string line = JsonLine(record);
  google::protobuf::Struct parsed;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &parsed).ok()) << line;
  EXPECT_THAT(line, StartsWith("{\"type\":\"http\", \"version\":\"0.1\", \"src\":\"192.0.2.1\""));
  EXPECT_THAT(line, HasSubstr("\"scheme\":\"http\", \"host\":\"a.example\", \"file\":\"/x?\\\"\""));
  EXPECT_THAT(
      line,
      HasSubstr("\"flags\":[\"insecure\", \"grease\"], \"max_time\":{\"sec\":60, \"usec\":1}"));
  EXPECT_THAT(line, HasSubstr("\"stop_reason\":\"done\""));
  EXPECT_THAT(line, HasSubstr("\"ech_status\":\"success\", \"ech_outer_sni\":\"outer.example\""));
  EXPECT_THAT(line, HasSubstr("\"status_code\":200, \"buf_count\":5"));
  EXPECT_THAT(
      line,
      HasSubstr(
          "{\"dir\":\"rx\", \"type\":\"tls\", \"time\":{\"sec\":0, \"usec\":0}, \"len\":5}]}\n"));
}

TEST(HttpTest, RecordedFetchesHaveStatusHeadersAndBody) {
  int fetched = 0;
  for (const std::string& bytes : SplitRecords(ReadRecording("20260420", "http.warts"))) {
    const v1::Record record = ReadOk(bytes);
    if (!record.has_http() || record.http().stop_reason() != v1::HTTP_STOP_REASON_DONE) continue;
    const v1::HttpSummary& summary = record.http().summary();
    EXPECT_TRUE(summary.has_status_code()) << summary.response_hdr();
    EXPECT_GT(summary.response_headers_size(), 0);
    EXPECT_THAT(summary.transmit_hdr(), StartsWith("GET "));
    EXPECT_THAT(summary.url(), HasSubstr(record.http().host()));
    fetched += summary.has_response() ? 1 : 0;
  }
  EXPECT_GT(fetched, 0);
}

}  // namespace
}  // namespace scamper::records
