// SPDX-License-Identifier: Apache-2.0
#include "client/cli/flags_from_proto.h"

#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parameters_fixture.pb.h"
#include "scamper/v1/control.pb.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::Status Set(fixture::Parameters* parameters, const std::string& field,
                 const std::vector<std::string>& values) {
  return SetParameter(fixture::Parameters::descriptor()->FindFieldByName(field), values,
                      parameters);
}

std::map<std::string, ParameterFlag> FlagsOf(const google::protobuf::Descriptor* type) {
  std::map<std::string, ParameterFlag> flags;
  for (const ParameterFlag& flag : ParameterFlags(type)) flags[flag.name] = flag;
  return flags;
}

TEST(ParameterFlagsTest, EveryKindOfFieldHasItsForm) {
  std::vector<std::string> forms;
  for (const ParameterFlag& flag : ParameterFlags(fixture::Parameters::descriptor())) {
    forms.push_back(flag.name + " " + flag.value + (flag.repeatable ? "*" : ""));
  }
  EXPECT_THAT(forms, ElementsAre("--small-number N", "--signed-number N", "--big-number N",
                                 "--big-signed N", "--on ", "--text TEXT", "--payload HEX",
                                 "--colour COLOUR", "--wait-time DURATION", "--names TEXT*",
                                 "--ports N*", "--colours COLOURS*", "--first ", "--second TEXT*",
                                 "--maybe BOOL", "--at TIME", "--headers 'NAME: VALUE'*",
                                 "--items KEY=VALUE[,KEY=VALUE]*"));
}

// Fails where a new measurement has a parameter that the command line cannot express.
TEST(ParameterFlagsTest, EveryParameterOfEveryMeasurementIsAFlagWithHelp) {
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  ASSERT_GE(kinds->field_count(), 2);
  for (int k = 0; k < kinds->field_count(); ++k) {
    const auto* parameters = kinds->field(k)->message_type();
    std::set<std::string> arguments;
    for (const auto* field : ArgumentFields(parameters)) arguments.insert(field->name());
    const auto flags = FlagsOf(parameters);
    for (int i = 0; i < parameters->field_count(); ++i) {
      const std::string& name = parameters->field(i)->name();
      if (arguments.count(name) != 0) continue;
      ASSERT_EQ(flags.count(FlagName(name)), 1u) << parameters->name() << "." << name;
      EXPECT_NE(flags.at(FlagName(name)).help, "") << parameters->name() << "." << name;
    }
  }
}

TEST(ParameterFlagsTest, HelpIsTheCommentOfTheProtoWithTheNamesOfFlags) {
  const auto ping = FlagsOf(v1::PingParameters::descriptor());
  EXPECT_EQ(ping.at("--attempts").help, "(-c) Probes to send, 1-65535. Default 4.");
  EXPECT_THAT(ping.at("--wait-timeout").help, HasSubstr("--wait-probe where that is longer"));
  EXPECT_THAT(ping.at("--method").help, HasSubstr("One of: icmp-echo, tcp-ack, tcp-ack-sport,"));
  EXPECT_THAT(ping.at("--tsonly").help,
              HasSubstr("not together with recordroute. Only timestamps."));
}

TEST(SetParameterTest, EachKindReachesItsField) {
  fixture::Parameters p;
  EXPECT_TRUE(Set(&p, "small_number", {"4294967295"}).ok());
  EXPECT_TRUE(Set(&p, "signed_number", {"-5"}).ok());
  EXPECT_TRUE(Set(&p, "big_number", {"18446744073709551615"}).ok());
  EXPECT_TRUE(Set(&p, "big_signed", {"-9223372036854775808"}).ok());
  EXPECT_TRUE(Set(&p, "on", {}).ok());
  EXPECT_TRUE(Set(&p, "text", {"a,b"}).ok());
  EXPECT_TRUE(Set(&p, "payload", {"00fF"}).ok());
  EXPECT_TRUE(Set(&p, "colour", {"dark-blue"}).ok());
  EXPECT_TRUE(Set(&p, "wait_time", {"20us"}).ok());
  EXPECT_TRUE(Set(&p, "names", {"a,b", "c"}).ok());
  EXPECT_TRUE(Set(&p, "ports", {"1,2", "3"}).ok());
  EXPECT_TRUE(Set(&p, "colours", {"red,dark-blue"}).ok());
  EXPECT_TRUE(Set(&p, "second", {"192.0.2.1,192.0.2.2", "192.0.2.3"}).ok());

  EXPECT_EQ(p.small_number(), 4294967295u);
  EXPECT_EQ(p.signed_number(), -5);
  EXPECT_EQ(p.big_number(), 18446744073709551615u);
  EXPECT_EQ(p.big_signed(), std::numeric_limits<int64_t>::min());
  EXPECT_TRUE(p.on());
  EXPECT_EQ(p.text(), "a,b");
  EXPECT_EQ(p.payload(), std::string("\0\xff", 2));
  EXPECT_EQ(p.colour(), fixture::COLOUR_DARK_BLUE);
  EXPECT_EQ(p.wait_time().nanos(), 20'000);
  EXPECT_THAT(p.names(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(p.ports(), ElementsAre(1u, 2u, 3u));
  EXPECT_THAT(p.colours(), ElementsAre(fixture::COLOUR_RED, fixture::COLOUR_DARK_BLUE));
  EXPECT_THAT(p.second().ips(), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
}

TEST(ParameterFlagsTest, HelpOfAListOfMessagesNamesItsKeys) {
  EXPECT_EQ(FlagsOf(fixture::Parameters::descriptor()).at("--items").help,
            "Keys: item-size ; colour One of: red, dark-blue.; start ");
  EXPECT_THAT(FlagsOf(v1::BumpParameters::descriptor()).at("--probedefs").help,
              HasSubstr("Keys: method (-P) Default udp. One of: icmp-echo,"));
}

TEST(ArgumentFieldsTest, WhatIsMeasuredIsGivenAsArguments) {
  const auto names = [](const google::protobuf::Descriptor* type) {
    std::vector<std::string> all;
    for (const auto* field : ArgumentFields(type)) all.push_back(field->name());
    return all;
  };
  EXPECT_THAT(names(v1::PingParameters::descriptor()), ElementsAre("dst"));
  EXPECT_THAT(names(v1::AllyParameters::descriptor()), ElementsAre("dst1", "dst2"));
  EXPECT_THAT(names(v1::PrefixscanParameters::descriptor()), ElementsAre("near", "far"));
  EXPECT_THAT(names(v1::MidarestParameters::descriptor()), ElementsAre("addrs"));
  EXPECT_THAT(names(v1::SniffParameters::descriptor()), ElementsAre());
}

TEST(SetParameterTest, AnOptionalBoolIsTrueOrFalse) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "maybe", {"false"}).ok());
  EXPECT_TRUE(p.has_maybe());
  EXPECT_FALSE(p.maybe());
  ASSERT_TRUE(Set(&p, "maybe", {"true"}).ok());
  EXPECT_TRUE(p.maybe());
}

TEST(SetParameterTest, ATimeIsSecondsOrADate) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "at", {"1764034429.000005"}).ok());
  EXPECT_EQ(p.at().seconds(), 1764034429);
  EXPECT_EQ(p.at().nanos(), 5000);
  ASSERT_TRUE(Set(&p, "at", {"2025-11-25T02:33:49.5+01:00"}).ok());
  EXPECT_EQ(p.at().seconds(), 1764034429);
  EXPECT_EQ(p.at().nanos(), 500'000'000);
}

TEST(SetParameterTest, AMessageOfAListIsWrittenAsItsKeys) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "items", {"item-size=7,colour=dark-blue,start=1.5", "item_size=8", ""}).ok());
  ASSERT_EQ(p.items_size(), 3);
  EXPECT_EQ(p.items(0).item_size(), 7u);
  EXPECT_EQ(p.items(0).colour(), fixture::COLOUR_DARK_BLUE);
  EXPECT_EQ(p.items(0).start().nanos(), 500'000'000);
  EXPECT_EQ(p.items(1).item_size(), 8u);
  EXPECT_EQ(p.items(2).ByteSizeLong(), 0u);
}

TEST(SetParameterTest, AHeaderIsNameAndValue) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "headers", {"A: b, c: d", "B:e"}).ok());
  ASSERT_EQ(p.headers_size(), 2);
  EXPECT_EQ(p.headers(0).name(), "A");
  EXPECT_EQ(p.headers(0).value(), "b, c: d");
  EXPECT_EQ(p.headers(1).value(), "e");
}

TEST(SetParameterTest, ZeroIsAValue) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "small_number", {"0"}).ok());
  ASSERT_TRUE(Set(&p, "wait_time", {"0"}).ok());
  EXPECT_TRUE(p.has_small_number());
  EXPECT_TRUE(p.has_wait_time());
  EXPECT_FALSE(p.has_big_number());
}

struct Bad {
  std::string field;
  std::string value;
  std::string says;
};

TEST(SetParameterTest, AWrongValueSaysWhatIsAllowed) {
  for (const Bad& bad : {Bad{"small_number", "4294967296", "0 - 4294967295"},
                         {"small_number", "-1", "0 - 4294967295"},
                         {"small_number", "1.5", "whole number"},
                         {"small_number", " 1", "whole number"},
                         {"small_number", "", "whole number"},
                         {"signed_number", "2147483648", "-2147483648 - 2147483647"},
                         {"payload", "abc", "two digits a byte"},
                         {"payload", "zz", "two digits a byte"},
                         {"colour", "green", "one of red, dark-blue, is 'green'"},
                         {"colour", "unspecified", "one of red"},
                         {"colour", "COLOUR_RED", "one of red"},
                         {"wait_time", "1h", "500ms"},
                         {"ports", "1,x", "is 'x'"},
                         {"maybe", "1", "true or false, is '1'"},
                         {"at", "now", "seconds since 1970 or a time such as"},
                         {"headers", "a=b", "NAME: VALUE, is 'a=b'"},
                         {"items", "size=1", "KEY=VALUE with commas"},
                         {"items", "item-size", "has 'item-size'"},
                         {"items", "item-size=x", "item-size must be a whole number"},
                         {"names", ",", "needs a value"},
                         {"second", "", "needs a value"}}) {
    fixture::Parameters p;
    const absl::Status status = Set(&p, bad.field, {bad.value});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.field << " " << bad.value;
    EXPECT_THAT(std::string(status.message()), HasSubstr(bad.says)) << bad.field;
  }
}

TEST(SetParameterTest, TwoMembersOfAOneofAreRefused) {
  fixture::Parameters p;
  ASSERT_TRUE(Set(&p, "first", {}).ok());
  const absl::Status status = Set(&p, "second", {"192.0.2.1"});
  EXPECT_THAT(std::string(status.message()), HasSubstr("together with --first"));
  EXPECT_TRUE(p.first());
}

TEST(EnumTextTest, ValuesAreNamedWithoutThePrefixOfTheirEnum) {
  EXPECT_EQ(EnumText(v1::PingMethod_descriptor()->FindValueByNumber(v1::PING_METHOD_TCP_ACK_SPORT)),
            "tcp-ack-sport");
  EXPECT_EQ(EnumText(v1::TraceMethod_descriptor()->FindValueByNumber(v1::TRACE_METHOD_ICMP_PARIS)),
            "icmp-paris");
}

}  // namespace
}  // namespace scamper::cli
