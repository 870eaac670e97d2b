// SPDX-License-Identifier: Apache-2.0
#include "server/base/ip_address.h"

#include <arpa/inet.h>

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace scamper::base {
namespace {

IpAddress Address(absl::string_view text) {
  const auto address = ParseIpAddress(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress());
}

TEST(IpAddressTest, ParsedAddressesPrintInOneForm) {
  const struct {
    const char* in;
    const char* out;
  } kCases[] = {
      {"0.0.0.0", "0.0.0.0"},
      {"192.0.2.255", "192.0.2.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"0:0:0:0:0:ffff:c000:201", "::ffff:192.0.2.1"},
      {"::192.0.2.1", "::192.0.2.1"},
      {"::1:2", "::0.1.0.2"},
      {"::ffff", "::ffff"},
      {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
  };
  for (const auto& c : kCases) EXPECT_EQ(FormatIpAddress(Address(c.in)), c.out) << c.in;
}

TEST(IpAddressTest, AnythingButAnAddressIsRefused) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "01.2.3.4",
                           "1.2.3.00",
                           "256.1.1.1",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1..2.3",
                           "1.2.3.",
                           "1.2.3.1000",
                           "+1.2.3.4",
                           "0x1.2.3.4",
                           "fe80::1%eth0",
                           "::1/128",
                           ":",
                           ":::",
                           "1::2::3",
                           "12345::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7:",
                           ":1:2:3:4:5:6:7:8",
                           "::1.2.3",
                           "::1.2.3.4:5",
                           "1.2.3.4::",
                           "::01.2.3.4",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "g::",
                           "localhost"}) {
    EXPECT_FALSE(ParseIpAddress(text)) << text;
  }
  EXPECT_FALSE(ParseIpAddress(absl::string_view("1.2.3.4\0", 8)));
}

// The C library's functions print the same form and accept the same texts.
TEST(IpAddressTest, RandomAddressesPrintAndParseAsInTheCLibrary) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    IpAddress address;
    address.v6 = i % 4 != 0;
    for (size_t j = 0; j < address.size(); ++j) {
      const bool zero = random() % 4 != 0;
      address.bytes[j] = zero ? 0 : static_cast<uint8_t>(random() % 8 == 0 ? 0xff : random());
    }
    char text[INET6_ADDRSTRLEN];
    ASSERT_NE(inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text),
              nullptr);
    ASSERT_EQ(FormatIpAddress(address), text);
    ASSERT_EQ(ParseIpAddress(text), address) << text;
  }
}

TEST(IpAddressTest, MutatedTextsAreAcceptedExactlyAsByTheCLibrary) {
  std::mt19937 random(2);
  constexpr absl::string_view kAlphabet = "0123456789abcdefF:.:.% g";
  const std::string kSeeds[] = {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8",
                                "::"};
  for (int i = 0; i < 50000; ++i) {
    std::string text = kSeeds[random() % 5];
    for (unsigned n = random() % 3 + 1; n > 0; --n) {
      const size_t at = random() % (text.size() + 1);
      if (random() % 2 == 0) {
        text.insert(at, 1, kAlphabet[random() % kAlphabet.size()]);
      } else if (at < text.size()) {
        text.erase(at, 1);
      }
    }
    uint8_t bytes[16] = {};
    const bool v6 = text.find(':') != std::string::npos;
    const bool valid = inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes) == 1;
    const auto parsed = ParseIpAddress(text);
    ASSERT_EQ(parsed.has_value(), valid) << text;
    if (!valid) continue;
    ASSERT_EQ(parsed->packed(), absl::string_view(reinterpret_cast<char*>(bytes), v6 ? 16 : 4));
  }
}

TEST(IpAddressTest, PackedBytesOfOtherLengthsAreRefused) {
  EXPECT_EQ(IpAddressFromPacked("\xc0\x01\x02\x03"), Address("192.1.2.3"));
  EXPECT_FALSE(IpAddressFromPacked("123456"));
  EXPECT_FALSE(IpAddressFromPacked(""));
}

TEST(IpAddressTest, Predicates) {
  EXPECT_TRUE(IsLinkLocal(Address("169.254.1.1")));
  EXPECT_TRUE(IsLinkLocal(Address("febf::1")));
  EXPECT_FALSE(IsLinkLocal(Address("fec0::1")));
  EXPECT_TRUE(IsRfc1918(Address("172.31.255.255")));
  EXPECT_FALSE(IsRfc1918(Address("172.32.0.0")));
  EXPECT_FALSE(IsRfc1918(Address("a00::1")));
  EXPECT_TRUE(IsUnicast(Address("3fff::")));
  EXPECT_FALSE(IsUnicast(Address("4000::")));
  EXPECT_FALSE(IsUnicast(Address("32.0.0.1")));
  EXPECT_TRUE(Is6to4(Address("2002::1")));
  EXPECT_FALSE(Is6to4(Address("32.2.0.1")));
}

TEST(IpAddressTest, ReservedBlocksAndTheirEdges) {
  for (const char* text : {"0.1.2.3",      "10.0.0.1",    "100.64.0.0",  "100.127.255.255",
                           "127.0.0.1",    "169.254.0.1", "172.16.0.1",  "192.0.0.1",
                           "192.0.2.1",    "192.88.99.1", "192.168.1.1", "198.19.255.255",
                           "198.51.100.1", "203.0.113.1", "224.0.0.1",   "255.255.255.255",
                           "::1",          "fe80::1",     "4000::",      "2002::1",
                           "2001::1",      "2001:2::1",   "2001:3::1",   "2001:4:112::1",
                           "2001:1f::1",   "2001:2f::1",  "2001:db8::1"}) {
    EXPECT_TRUE(IsReserved(Address(text))) << text;
  }
  for (const char* text :
       {"1.1.1.1", "100.128.0.0", "198.20.0.0", "192.31.196.1", "192.175.48.1", "223.255.255.255",
        "2001:1::1", "2001:2:1::1", "2001:30::1", "2001:db9::1", "3fff::1", "2620:4f:8000::1"}) {
    EXPECT_FALSE(IsReserved(Address(text))) << text;
  }
}

TEST(IpAddressTest, OrderIsByFamilyThenByValue) {
  EXPECT_LT(Address("255.0.0.1"), Address("::1"));
  EXPECT_LT(Address("9.0.0.1"), Address("10.0.0.0"));
}

TEST(IpAddressTest, CommonPrefixLength) {
  EXPECT_EQ(CommonPrefixLength(Address("192.0.2.1"), Address("192.0.2.2")), 30);
  EXPECT_EQ(CommonPrefixLength(Address("192.0.2.1"), Address("192.0.2.1")), 32);
  EXPECT_EQ(CommonPrefixLength(Address("2001:db8::"), Address("2001:db8::1")), 127);
  EXPECT_EQ(CommonPrefixLength(Address("192.0.2.1"), Address("::1")), 0);
}

}  // namespace
}  // namespace scamper::base
