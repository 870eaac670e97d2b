// SPDX-License-Identifier: Apache-2.0
#include "server/warts/kinds.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hex.h"

namespace scamper::warts {
namespace {

using ::testing::HasSubstr;

std::string Bytes(const char* hex) { return base::HexDecode(hex).value(); }

std::string Expected(const ReadState& state) {
  return std::string(state.ToStatus("test").message());
}

// What Write makes of the value, in hexadecimal; "refused" where it refuses.
template <typename Kind, typename Value>
std::string Written(const Value& value, WriteState& state) {
  Writer writer;
  return Kind::Write(value, writer, state) ? base::HexEncode(std::move(writer).Take()) : "refused";
}

TEST(KindsTest, LaterUsesOfAnAddressReferToItsFirst) {
  WriteState out;
  EXPECT_EQ(Written<Addr>(std::string("192.0.2.1"), out), "0401c0000201");
  EXPECT_EQ(Written<Addr>(std::string("192.0.2.2"), out), "0401c0000202");
  EXPECT_EQ(Written<Addr>(std::string("192.0.2.1"), out), "0000000000");
  EXPECT_EQ(Written<Addr>(std::string("192.0.2.2"), out), "0000000001");
  // A static address neither uses nor enters the dictionary.
  EXPECT_EQ(Written<AddrStatic>(std::string("192.0.2.1"), out), "0401c0000201");
  EXPECT_EQ(Written<AddrStatic>(std::string("192.0.2.3"), out), "0401c0000203");
  EXPECT_EQ(Written<Addr>(std::string("192.0.2.3"), out), "0401c0000203");
  EXPECT_EQ(Written<Addr>(std::string("x"), out), "refused");
}

TEST(KindsTest, AnAddressKeepsItsIdHoweverManyThereAre) {
  WriteState out;
  for (uint32_t i = 0; i < 100; ++i) {
    const std::string address = absl::StrCat("192.0.2.", i);
    EXPECT_EQ(Written<Addr>(address, out),
              absl::StrCat("0401c00002", absl::Hex(i, absl::kZeroPad2)));
    for (const uint32_t before : {0u, i / 2, i}) {
      EXPECT_EQ(Written<Addr>(absl::StrCat("192.0.2.", before), out),
                absl::StrCat("00", absl::Hex(before, absl::kZeroPad8)));
    }
  }
}

TEST(KindsTest, RepeatedDefinitionsOfAnAddressTakeIdsOfTheirOwn) {
  const std::string bytes = Bytes("0401c00002010401c00002010401c00002020000000002");
  Cursor cursor(bytes);
  ReadState in(nullptr);
  std::string address;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(Addr::Read(cursor, in, &address));
  EXPECT_EQ(address, "192.0.2.2");
}

TEST(KindsTest, WrongAddressesAreRefused) {
  const struct {
    const char* hex;
    const char* expected;
  } kCases[] = {{"", "an address"},
                {"0405c0000201", "an address type of 1 - 4"},
                {"0400c0000201", "an address type of 1 - 4"},
                {"0501c000020101", "the address length of its type"},
                {"0401c00002", "the bytes of an address"},
                {"00000000", "a 4-byte address id"},
                {"0000000000", "the id of an address that the record defined before"}};
  for (const auto& c : kCases) {
    const std::string bytes = Bytes(c.hex);
    Cursor cursor(bytes);
    ReadState in(nullptr);
    std::string address;
    EXPECT_FALSE(Addr::Read(cursor, in, &address)) << c.hex;
    EXPECT_THAT(Expected(in), HasSubstr(c.expected));
  }
  const std::string reference = Bytes("0000000000");
  Cursor cursor(reference);
  ReadState in(nullptr);
  std::string address;
  EXPECT_FALSE(AddrStatic::Read(cursor, in, &address)) << "a static address has no reference";
}

TEST(KindsTest, InterfaceNamesRoundTripAlsoBeyondTheDictionary) {
  Writer writer;
  WriteState out;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back(absl::StrCat("eth", i));
  for (int round = 0; round < 2; ++round) {
    for (const std::string& name : names) ASSERT_TRUE(Ifname::Write(name, writer, out));
  }
  const std::string bytes = std::move(writer).Take();
  EXPECT_EQ(base::HexEncode(bytes.substr(0, 6)), "016574683000");
  Cursor cursor(bytes);
  ReadState in(nullptr);
  std::string name;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& expected : names) {
      ASSERT_TRUE(Ifname::Read(cursor, in, &name));
      EXPECT_EQ(name, expected);
    }
  }
  EXPECT_EQ(cursor.left(), 0u);
  EXPECT_EQ(in.names.size(), 254u);
}

TEST(KindsTest, InterfaceNameIdsMustBeKnownOrTheNext) {
  for (const char* hex : {"026100", "ff6100", "0161", "01ff00"}) {
    const std::string bytes = Bytes(hex);
    Cursor cursor(bytes);
    ReadState in(nullptr);
    std::string name;
    EXPECT_FALSE(Ifname::Read(cursor, in, &name)) << hex;
  }
}

TEST(KindsTest, LabelStacksAreDerivedFromExtensions) {
  const std::string bytes = Bytes("00160008010112345b40abcdef01000203080102000301010203");
  Cursor cursor(bytes);
  ReadState in(nullptr);
  Repeated<v1::IcmpExtension> exts;
  // The total counts the first two objects; what follows is not part of it.
  ASSERT_FALSE(IcmpExts::Read(cursor, in, &exts)) << "an object that runs past the total";
  const std::string whole = Bytes("00190008010112345b40abcdef010002030801020003010100010203");
  Cursor again(absl::string_view(whole).substr(0, 27));
  ReadState state(nullptr);
  exts.Clear();
  ASSERT_TRUE(IcmpExts::Read(again, state, &exts)) << Expected(state);
  ASSERT_EQ(exts.size(), 3);
  ASSERT_EQ(exts[0].mpls_size(), 2);
  EXPECT_EQ(exts[0].mpls(0).label(), 0x12345u);
  EXPECT_EQ(exts[0].mpls(0).exp(), 5u);
  EXPECT_TRUE(exts[0].mpls(0).s());
  EXPECT_EQ(exts[0].mpls(0).ttl(), 0x40u);
  EXPECT_EQ(exts[1].class_number(), 3u);
  EXPECT_EQ(exts[1].mpls_size(), 0);
  EXPECT_EQ(exts[2].mpls_size(), 0) << "three bytes are no entry";
  WriteState out;
  EXPECT_EQ(Written<IcmpExts>(exts, out), base::HexEncode(whole.substr(0, 27)));
}

TEST(KindsTest, ExtensionsWithoutObjectsOrWithBytesLeftAreRefused) {
  for (const char* hex : {"0000", "0001ff", "000500000101ff", "00080001", "000400010101aa"}) {
    const std::string bytes = Bytes(hex);
    Cursor cursor(bytes);
    ReadState in(nullptr);
    Repeated<v1::IcmpExtension> exts;
    EXPECT_FALSE(IcmpExts::Read(cursor, in, &exts)) << hex;
  }
}

TEST(KindsTest, TimesCarryMicrosecondsBeyondASecond) {
  const std::string bytes = Bytes("00000001001e8480");
  Cursor cursor(bytes);
  ReadState in(nullptr);
  google::protobuf::Timestamp time;
  ASSERT_TRUE(Tv::Read(cursor, in, &time));
  EXPECT_EQ(time.seconds(), 3);
  EXPECT_EQ(time.nanos(), 0);
}

TEST(KindsTest, DurationsBeyondTheirWidthOrStepAreRefused) {
  google::protobuf::Duration duration;
  duration.set_seconds(4294);
  duration.set_nanos(967295000);
  WriteState out;
  EXPECT_EQ(Written<Us32>(duration, out), "ffffffff");
  duration.set_nanos(967296000);
  EXPECT_EQ(Written<Us32>(duration, out), "refused");
  duration.set_seconds(2);
  duration.set_nanos(550000000);
  EXPECT_EQ(Written<Centiseconds8>(duration, out), "ff");
  duration.set_nanos(560000000);
  EXPECT_EQ(Written<Centiseconds8>(duration, out), "refused");
  EXPECT_EQ(Written<Seconds8>(duration, out), "refused");
  duration.set_seconds(-1);
  duration.set_nanos(0);
  EXPECT_EQ(Written<Seconds8>(duration, out), "refused");
  EXPECT_EQ(Written<Us32>(duration, out), "refused");
}

}  // namespace
}  // namespace scamper::warts
