// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_command.h"

#include <string>
#include <vector>

#include "server/records/http/http_url.h"
#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Http(absl::string_view text) { return MeasurementOf("http", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Http(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Http(text), kNewest); }

v1::Measurement WithUrl(const std::string& url) {
  v1::Measurement measurement = Http("dst: '192.0.2.6'");
  measurement.mutable_http()->set_url(url);
  return measurement;
}

v1::Measurement WithHeader(const std::string& name, const std::string& value) {
  v1::Measurement measurement = WithUrl("http://a/");
  v1::HttpHeader* header = measurement.mutable_http()->add_headers();
  header->set_name(name);
  header->set_value(value);
  return measurement;
}

// clang-format off
const Golden kGolden[] = {
    {"http -U 1 -u http://web.example.test/ 192.0.2.6",
     "dst: '192.0.2.6' url: 'http://web.example.test/' userid: 1",
     "http -u 'http://web.example.test/' -U 1 192.0.2.6", "needs scamper 20240117 "},
    {"http -u https://web.example.test/big.txt -O insecure 192.0.2.6",
     "dst: '192.0.2.6' url: 'https://web.example.test/big.txt' insecure: true",
     "http -u 'https://web.example.test/big.txt' -O insecure 192.0.2.6", "needs scamper 20240117 "},
    {"http -H 'X-Probe: lab' -u http://web.example.test/teapot 192.0.2.6",
     "dst: '192.0.2.6' url: 'http://web.example.test/teapot' "
     "headers { name: 'X-Probe' value: 'lab' }",
     "http -u 'http://web.example.test/teapot' -H 'X-Probe: lab' 192.0.2.6",
     "needs scamper 20240117 "},
    {"http -m 2 -u http://web.example.test:81/ 192.0.2.6",
     "dst: '192.0.2.6' url: 'http://web.example.test:81/' limit_time { seconds: 2 }",
     "http -u 'http://web.example.test:81/' -m 2s 192.0.2.6", "needs scamper 20240117 "},
};

const Boundary kBoundaries[] = {
    {"insecure", "", 0, 1, "http -u 'http://a/' 192.0.2.1 ", " -O insecure ", ""},
    {"limit_time", "", 1000000, 60000000, " -m 1s ", " -m 60s ", "within 1 s - 60 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"ech_grease", "", 0, 1, "http -u 'http://a/' 192.0.2.1 ", " -O grease ", ""},
    {"ech_config_list", "dst: '192.0.2.1' url: 'https://a/'", 1, 65535, " -O ecl=YQ== ",
     "FhYWFh 192.0.2.1 ", "must have 1 - 65535 bytes, has "},
};
// clang-format on

TEST(HttpCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("http", row);
}

TEST(HttpCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::HttpParameters::descriptor();
  std::vector<std::string> covered = {"dst", "url", "headers"};  // In tests of their own.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("http", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(HttpCommandTest, DestinationAndUrlAreMandatory) {
  EXPECT_THAT(Violations(""),
              ElementsAre("http.dst: must be an IPv4 or IPv6 address, is ''",
                          HasSubstr("http.url: must be http:// or https://, a host name,")));
}

TEST(HttpCommandTest, AUrlIsQuotedWithItsQuotesAndBackslashes) {
  EXPECT_EQ(CommandOf(WithUrl("http://a/it's a \\ \"b\""), kNewest),
            R"(http -u 'http://a/it\'s a \\ "b"' 192.0.2.6)");
}

TEST(HttpCommandTest, UrlsAreTakenByScampersGrammar) {
  for (const char* url : {"http://a", "https://a-b.c", "http://192.0.2.1:1/",
                          "http://a:65535/x?y#z", "http://a/ b"}) {
    EXPECT_THAT(ViolationsOf(WithUrl(url)), IsEmpty()) << url;
  }
  for (const char* url : {"", "http://", "http:///x", "ftp://a/", "HTTP://a/", "http://a?x",
                          "http://a_b/", "http://[::1]/", "http://u@a/", "http://a:/",
                          "http://a:0/", "http://a:65536/", "http://a:080/", "http://a:x/",
                          "http://a/\n", "http://a/\x7f", " http://a/", "http://a b/"}) {
    const auto violations = ViolationsOf(WithUrl(url));
    EXPECT_THAT(violations, ElementsAre(HasSubstr("http.url: must be http:// or https://"))) << url;
  }
}

TEST(HttpCommandTest, AUrlTellsSchemeAndPort) {
  EXPECT_TRUE(ParseUrl("https://a:8443/x")->https);
  EXPECT_EQ(ParseUrl("https://a:8443/x")->port, 8443u);
  EXPECT_FALSE(ParseUrl("http://a/b:1")->https);
  EXPECT_EQ(ParseUrl("http://a/b:1")->port, std::nullopt);
}

TEST(HttpCommandTest, HeadersAreQuotedAndStayInTheirOrder) {
  v1::Measurement measurement = WithHeader("Cookie", "a='\\");
  *measurement.mutable_http()->add_headers() = WithHeader("Cookie", "b").http().headers(0);
  EXPECT_EQ(CommandOf(measurement, kNewest),
            R"(http -u 'http://a/' -H 'Cookie: a=\'\\' -H 'Cookie: b' 192.0.2.6)");
}

TEST(HttpCommandTest, AHeaderThatIsNoneIsRefused) {
  for (const char* name : {"", "a b", "a:", "a\n", "\x80"}) {
    EXPECT_THAT(ViolationsOf(WithHeader(name, "v")),
                ElementsAre(HasSubstr("http.headers[0].name: must be printable ASCII without")));
  }
  for (const char* value : {"", " ", " v", "v\r\nHost: b", "\t", "\xc3\xa9"}) {
    EXPECT_THAT(ViolationsOf(WithHeader("n", value)),
                ElementsAre(HasSubstr("http.headers[0].value: must be printable ASCII, at least")));
  }
  EXPECT_THAT(ViolationsOf(WithHeader("hOST", "v")),
              ElementsAre("http.headers[0].name: must not be Host, which the url tells"));
}

TEST(HttpCommandTest, AtMost255Headers) {
  v1::Measurement measurement = WithHeader("n", "v");
  for (int i = 1; i < 255; ++i) {
    *measurement.mutable_http()->add_headers() = measurement.http().headers(0);
  }
  EXPECT_THAT(ViolationsOf(measurement), IsEmpty());
  *measurement.mutable_http()->add_headers() = measurement.http().headers(0);
  EXPECT_THAT(ViolationsOf(measurement),
              ElementsAre("http.headers: must be at most 255 headers, are 256"));
}

TEST(HttpCommandTest, EncryptedClientHelloIsOneWayAndNeedsTls) {
  EXPECT_THAT(Violations("dst: '::1' url: 'https://a' ech_grease: true ech_config_list: 'x'"),
              ElementsAre("http.ech_config_list: must not be together with ech_grease"));
  EXPECT_THAT(Violations("dst: '::1' url: 'http://a' ech_config_list: 'x'"),
              ElementsAre("http.ech_config_list: needs a url of https"));
  ExpectNeeds({{"ech_grease: true", 20260331}, {"ech_config_list: 'x'", 20260331}}, Http,
              "dst: '192.0.2.1' url: 'https://a/'");
}

TEST(HttpCommandTest, TimesAreOfMicroseconds) {
  EXPECT_EQ(Newest("dst: '::1' url: 'http://a' limit_time { seconds: 1 nanos: 1000 }"),
            "http -u 'http://a' -m 1000001us ::1");
}

}  // namespace
}  // namespace scamper::records
