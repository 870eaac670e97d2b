// SPDX-License-Identifier: Apache-2.0
#include "server/warts/address.h"

#include <string>

#include "gtest/gtest.h"

namespace scamper::warts {
namespace {

TEST(AddressTest, AllTypesPrintAndParse) {
  const struct {
    const char* text;
    AddressType type;
  } kCases[] = {{"192.0.2.1", kIpv4},
                {"2001:db8::1", kIpv6},
                {"2001:db8:10:11:12:13:14:15", kIpv6},
                {"::ffff:192.0.2.1", kIpv6},
                {"00:00:5e:00:53:99", kEthernet},
                {"00:01:02:03:04:05:06:ff", kFirewire}};
  for (const auto& c : kCases) {
    const auto address = ParseAddress(c.text);
    ASSERT_TRUE(address) << c.text;
    EXPECT_EQ(address->type, c.type) << c.text;
    std::string text = "old";
    FormatAddress(address->view(), &text);
    EXPECT_EQ(text, c.text);
  }
}

TEST(AddressTest, OtherTextsAreRefused) {
  for (const char* text :
       {"", "host", "00:00:5e:00:53", "00:00:5e:00:53:9g", "00-00-5e-00-53-99", "1.2.3"}) {
    EXPECT_FALSE(ParseAddress(text)) << text;
  }
}

TEST(AddressTest, TablesCountFromOne) {
  AddressTable table;
  EXPECT_EQ(table.Find(0), nullptr);
  EXPECT_EQ(table.Find(1), nullptr);
  table.Add(*ParseAddress("192.0.2.1"));
  table.Add(*ParseAddress("::1"));
  EXPECT_EQ(table.Find(0), nullptr);
  EXPECT_EQ(*table.Find(1), *ParseAddress("192.0.2.1"));
  EXPECT_EQ(*table.Find(2), *ParseAddress("::1"));
  EXPECT_EQ(table.Find(3), nullptr);
}

}  // namespace
}  // namespace scamper::warts
