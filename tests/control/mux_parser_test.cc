// SPDX-License-Identifier: Apache-2.0
#include "server/control/mux_parser.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Number(uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return out;
}

std::string Frame(uint32_t channel, const std::string& body) {
  return Number(channel, 4) + Number(static_cast<uint32_t>(body.size()), 4) + body;
}

std::string Attribute(uint16_t number, const std::string& value) {
  return Number(number, 2) + value + '\0';
}

std::string Update(uint32_t id, const std::string& attributes) {
  return Frame(0, Number(0, 2) + Number(id, 4) + attributes);
}

std::string Describe(const MuxEvent& event) {
  switch (event.kind) {
    case MuxEvent::Kind::kUpdate:
      return absl::StrCat("update ", event.id, " ", event.vantage_point->monitor_name());
    case MuxEvent::Kind::kDepart:
      return absl::StrCat("depart ", event.id);
    case MuxEvent::Kind::kGo:
      return "go";
    case MuxEvent::Kind::kClose:
      return absl::StrCat("close ", event.id);
    case MuxEvent::Kind::kData:
      return absl::StrCat("data ", event.id, " ", event.data);
  }
  return "";
}

// All events of the bytes, fed in pieces of `step`; the pieces of a channel joined. Adds the error.
std::vector<std::string> Events(const std::string& bytes, size_t step) {
  MuxParser parser;
  std::vector<std::string> events;
  uint32_t last_channel = 0;
  for (size_t at = 0; at < bytes.size(); at += step) {
    // Bytes of its own, so that a sanitizer sees what is used after its time.
    const std::string piece = bytes.substr(at, step);
    parser.Feed(piece);
    while (true) {
      auto event = parser.Next();
      if (!event.ok()) {
        events.push_back(std::string(event.status().message()));
        return events;
      }
      if (!event->has_value()) break;
      const bool data = (*event)->kind == MuxEvent::Kind::kData;
      if (data && (*event)->id == last_channel) {
        absl::StrAppend(&events.back(), (*event)->data);
      } else {
        events.push_back(Describe(**event));
      }
      last_channel = data ? (*event)->id : 0;
    }
  }
  if (!parser.AtBoundary()) events.push_back("unfinished");
  return events;
}

v1::VantagePoint VpOf(const std::string& attributes) {
  MuxParser parser;
  const std::string bytes = Update(1, attributes);
  parser.Feed(bytes);
  auto event = parser.Next();
  EXPECT_TRUE(event.ok() && event->has_value());
  return *(*event)->vantage_point;
}

TEST(MuxParserTest, AnyByteBoundaryGivesTheSameEvents) {
  const std::string bytes =
      Update(1, Attribute(1, "hlz")) + Update(70000, "") + Frame(0, Number(2, 2)) +
      Frame(5, "OK id-1\nMORE\n") + Frame(6, "") + Frame(0xfffffffe, "x") +
      Frame(0, Number(99, 2) + "what") + Frame(0, Number(4, 2) + Number(5, 4)) +
      Frame(0, Number(1, 2) + Number(0, 4)) + Frame(7, std::string(9000, 'y'));
  for (size_t step = 1; step < 64; ++step) {
    EXPECT_THAT(
        Events(bytes, step),
        ElementsAre("update 1 hlz", "update 70000 ", "go", "data 5 OK id-1\nMORE\n",
                    "data 4294967294 x", "close 5", "depart 0", "data 7 " + std::string(9000, 'y')))
        << step;
  }
}

TEST(MuxParserTest, EveryAttributeIsRead) {
  const v1::VantagePoint vp =
      VpOf(Attribute(1, "hlz-nz") + Attribute(2, "1700000000.000250") + Attribute(3, "192.0.2.1") +
           Attribute(12, "2001:DB8:0::1") + Attribute(4, "64496") + Attribute(13, "AS64500") +
           Attribute(8, "-37.78,175.28") + Attribute(5, "NZ") + Attribute(6, "WKO") +
           Attribute(7, "S\xc3\xa3o Hamilton") + Attribute(9, "hlz") + Attribute(11, "HLZ") +
           Attribute(10, "a") + Attribute(10, "b c"));
  EXPECT_EQ(vp.monitor_name(), "hlz-nz");
  EXPECT_EQ(vp.arrival_time().seconds(), 1700000000);
  EXPECT_EQ(vp.arrival_time().nanos(), 250000);
  EXPECT_EQ(vp.ipv4(), "192.0.2.1");
  EXPECT_EQ(vp.ipv6(), "2001:db8::1");
  EXPECT_EQ(vp.asn4(), 64496u);
  EXPECT_EQ(vp.asn6(), 64500u);
  EXPECT_EQ(vp.location().latitude(), -37.78);
  EXPECT_EQ(vp.location().longitude(), 175.28);
  EXPECT_EQ(vp.country(), "NZ");
  EXPECT_EQ(vp.region(), "WKO");
  EXPECT_EQ(vp.place(), "S\xc3\xa3o Hamilton");
  EXPECT_EQ(vp.shortname(), "hlz");
  EXPECT_EQ(vp.iata(), "HLZ");
  EXPECT_THAT(vp.tags(), ElementsAre("a", "b c"));
  EXPECT_THAT(vp.other(), IsEmpty());
}

TEST(MuxParserTest, ValuesThatAFieldCannotHoldStayAsText) {
  const v1::VantagePoint vp =
      VpOf(Attribute(2, "soon") + Attribute(3, "host") + Attribute(4, "unknown") +
           Attribute(13, "99999999999") + Attribute(8, "91,0") + Attribute(77, "new") +
           Attribute(7, "\xff!"));
  EXPECT_FALSE(vp.has_arrival_time());
  EXPECT_FALSE(vp.has_ipv4());
  EXPECT_FALSE(vp.has_asn4());
  EXPECT_FALSE(vp.has_asn6());
  EXPECT_FALSE(vp.has_location());
  EXPECT_EQ(vp.place(), "?!");
  const auto& other = vp.other();
  EXPECT_EQ(other.at("arrival_time"), "soon");
  EXPECT_EQ(other.at("ipv4"), "host");
  EXPECT_EQ(other.at("asn4"), "unknown");
  EXPECT_EQ(other.at("asn6"), "99999999999");
  EXPECT_EQ(other.at("location"), "91,0");
  EXPECT_EQ(other.at("attribute 77"), "new");
}

TEST(MuxParserTest, AnIpv6AddressInTheOldAttributeIsOne) {
  const v1::VantagePoint vp = VpOf(Attribute(3, "2001:db8::1"));
  EXPECT_EQ(vp.ipv6(), "2001:db8::1");
  EXPECT_FALSE(vp.has_ipv4());
}

TEST(MuxParserTest, WhatIsNoMuxIsAnErrorThatSaysWhere) {
  const std::string good = Frame(3, "abc");
  for (size_t step : {1, 5, 100}) {
    EXPECT_THAT(Events(good + Frame(0, "x"), step).back(),
                HasSubstr("byte 11: expected a control frame of 2 to 65536 bytes, got one of 1"));
    EXPECT_THAT(Events(Number(0, 4) + Number(70000, 4), step).back(),
                HasSubstr("got one of 70000"));
    EXPECT_THAT(Events("no mux at all", step).back(), HasSubstr("a frame of at most"));
    EXPECT_THAT(Events(Frame(0, Number(1, 2) + "abc"), step).back(), HasSubstr("expected an id"));
    EXPECT_THAT(Events(Update(1, Number(1, 2) + "no end"), step).back(),
                HasSubstr("expected attributes"));
  }
  MuxParser parser;
  const std::string bytes = Frame(0, "x") + good;
  parser.Feed(bytes);
  EXPECT_EQ(parser.Next().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(parser.Next().status().code(), absl::StatusCode::kDataLoss);
}

TEST(MuxParserTest, AnEndAmidAFrameIsNoBoundary) {
  EXPECT_THAT(Events(Frame(3, "abc").substr(0, 4), 100), ElementsAre("unfinished"));
  EXPECT_THAT(Events(Frame(3, "abc").substr(0, 9), 100), ElementsAre("data 3 a", "unfinished"));
}

TEST(MuxParserTest, FramesOfAClient) {
  EXPECT_EQ(MuxOpenFrame(258, 1), Frame(0, Number(3, 2) + Number(258, 4) + Number(1, 4)));
  EXPECT_EQ(MuxOpenFrame(1, 2).size(), 18u);
  std::string data = "before";
  AppendMuxData(65537, "done\n", &data);
  EXPECT_EQ(data, "before" + Frame(65537, "done\n"));
}

}  // namespace
}  // namespace scamper::control
