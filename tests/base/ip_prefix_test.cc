// SPDX-License-Identifier: Apache-2.0
#include "server/base/ip_prefix.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::base {
namespace {

using ::testing::HasSubstr;

IpPrefix Prefix(const char* text) {
  const auto prefix = ParseIpPrefix(text);
  EXPECT_TRUE(prefix.ok()) << text << ": " << prefix.status();
  return prefix.value_or(IpPrefix());
}

TEST(IpPrefixTest, ReadsWhatItPrints) {
  for (const char* text : {"0.0.0.0/0", "192.0.2.0/24", "192.0.2.255/32", "::/0", "2001:db8::/32",
                           "2001:db8::1/128", "128.0.0.0/1", "2001:db8:8000::/33"}) {
    EXPECT_EQ(FormatIpPrefix(Prefix(text)), text);
  }
  EXPECT_EQ(FormatIpPrefix(Prefix("192.0.2.1")), "192.0.2.1/32");
  EXPECT_EQ(FormatIpPrefix(Prefix("2001:db8::1")), "2001:db8::1/128");
}

TEST(IpPrefixTest, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* why;
  } cases[] = {
      {"", "is no IPv4 or IPv6 address"},
      {"/24", "is no IPv4 or IPv6 address"},
      {"192.0.2/24", "is no IPv4 or IPv6 address"},
      {"192.0.2.0/", "needs a length within 0 - 32"},
      {"192.0.2.0/33", "needs a length within 0 - 32"},
      {"192.0.2.0/-1", "needs a length within 0 - 32"},
      {"192.0.2.0/ 24", "needs a length within 0 - 32"},
      {"192.0.2.0/24/24", "needs a length within 0 - 32"},
      {"192.0.2.0/99999999999", "needs a length within 0 - 32"},
      {"2001:db8::/129", "needs a length within 0 - 128"},
      {"192.0.2.1/24", "has bits behind its length; 192.0.2.0/24 has not"},
      {"2001:db8::1/32", "has bits behind its length; 2001:db8::/32 has not"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(std::string(ParseIpPrefix(c.text).status().message()), HasSubstr(c.why)) << c.text;
  }
}

TEST(IpPrefixTest, PrefixAroundDropsTheBitsBehindItsLength) {
  EXPECT_EQ(PrefixAround(*ParseIpAddress("192.0.2.77"), 29), Prefix("192.0.2.72/29"));
  EXPECT_EQ(PrefixAround(*ParseIpAddress("192.0.2.77"), 0), Prefix("0.0.0.0/0"));
  EXPECT_EQ(PrefixAround(*ParseIpAddress("2001:db8::ffff"), 113), Prefix("2001:db8::8000/113"));
}

TEST(IpPrefixTest, CoversWhatIsInsideAndOfTheSameFamily) {
  EXPECT_TRUE(Covers(Prefix("192.0.2.0/24"), Prefix("192.0.2.128/25")));
  EXPECT_TRUE(Covers(Prefix("192.0.2.0/24"), Prefix("192.0.2.0/24")));
  EXPECT_FALSE(Covers(Prefix("192.0.2.128/25"), Prefix("192.0.2.0/24")));
  EXPECT_FALSE(Covers(Prefix("192.0.2.0/24"), Prefix("192.0.3.0/25")));
  EXPECT_FALSE(Covers(Prefix("0.0.0.0/0"), Prefix("::/0")));
}

}  // namespace
}  // namespace scamper::base
