// SPDX-License-Identifier: Apache-2.0
#include "server/filter/filter.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::filter {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Kind = Field::Kind;

constexpr Field kFields[] = {
    {"name", Kind::kText},        {"country", Kind::kText}, {"place", Kind::kText},
    {"asn", Kind::kNumber, "AS"}, {"tags", Kind::kTexts},   {"latitude", Kind::kNumber},
    {"andes", Kind::kText},
};

// hlz, NZ, two numbers, two tags, north of nothing; no place.
void Hamilton(size_t field, Values* values) {
  const absl::string_view name = kFields[field].name;
  if (name == "name") values->texts = {"hlz-nz"};
  if (name == "country") values->texts = {"NZ"};
  if (name == "asn") values->numbers = {64496, 64500};
  if (name == "tags") values->texts = {"fast", "IPv6 only", "a*b"};
  if (name == "latitude") values->numbers = {-37.78};
  if (name == "andes") values->texts = {"no"};
}

bool Holds(const std::string& text) {
  absl::StatusOr<Filter> filter = Filter::Parse(text, kFields);
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return filter.ok() && filter->Matches(Hamilton);
}

std::string Error(const std::string& text) {
  absl::StatusOr<Filter> filter = Filter::Parse(text, kFields);
  EXPECT_FALSE(filter.ok()) << text;
  EXPECT_TRUE(absl::IsInvalidArgument(filter.status()));
  return std::string(filter.status().message());
}

TEST(FilterTest, TextIsComparedWithoutRegardToCase) {
  EXPECT_TRUE(Holds("country = NZ"));
  EXPECT_TRUE(Holds("country=nz"));
  EXPECT_TRUE(Holds("country = \"nZ\""));
  EXPECT_FALSE(Holds("country = AU"));
  EXPECT_FALSE(Holds("country = N"));
  EXPECT_TRUE(Holds("country != AU"));
  EXPECT_FALSE(Holds("country != NZ"));
}

TEST(FilterTest, TextHasAnOrder) {
  EXPECT_TRUE(Holds("country > AU"));
  EXPECT_TRUE(Holds("country >= NZ"));
  EXPECT_TRUE(Holds("country <= nz"));
  EXPECT_FALSE(Holds("country < NZ"));
}

TEST(FilterTest, StarsAtTheEndsStandForAnything) {
  EXPECT_TRUE(Holds("name = hlz*"));
  EXPECT_TRUE(Holds("name = *-nz"));
  EXPECT_TRUE(Holds("name = *z-n*"));
  EXPECT_TRUE(Holds("name = 'HLZ*'"));
  EXPECT_TRUE(Holds("name = hlz-nz*"));
  EXPECT_FALSE(Holds("name = lz*"));
  EXPECT_FALSE(Holds("name = *hl"));
  EXPECT_FALSE(Holds("name != hlz*"));
  EXPECT_TRUE(Holds("tags = ipv6*"));
  EXPECT_TRUE(Holds("tags : 'a\\*b'"));
  EXPECT_FALSE(Holds("tags : 'c\\*b'"));
  EXPECT_FALSE(Holds("name = 'hlz\\*'"));
}

TEST(FilterTest, ColonAsksWhatAFieldHas) {
  EXPECT_TRUE(Holds("name:LZ-"));
  EXPECT_FALSE(Holds("name:akl"));
  EXPECT_TRUE(Holds("tags:fast"));
  EXPECT_FALSE(Holds("tags:fas"));
  EXPECT_TRUE(Holds("tags:fas*"));
  EXPECT_TRUE(Holds("tags:\"ipv6 only\""));
  EXPECT_TRUE(Holds("asn:64500"));
  EXPECT_FALSE(Holds("asn:64501"));
}

TEST(FilterTest, ColonAndAStarAskWhetherThereIsAValue) {
  EXPECT_TRUE(Holds("name:*"));
  EXPECT_TRUE(Holds("asn:*"));
  EXPECT_FALSE(Holds("place:*"));
  EXPECT_TRUE(Holds("NOT place:*"));
}

TEST(FilterTest, NumbersAreComparedAsNumbers) {
  EXPECT_TRUE(Holds("asn = 64496"));
  EXPECT_TRUE(Holds("asn = as64500"));
  EXPECT_TRUE(Holds("asn > 64499.5"));
  EXPECT_FALSE(Holds("asn > 64500"));
  EXPECT_FALSE(Holds("asn != 64500"));
  EXPECT_TRUE(Holds("latitude < -37.5"));
  EXPECT_TRUE(Holds("latitude <= -37.78 AND latitude >= -37.78"));
  EXPECT_FALSE(Holds("latitude > 0"));
}

TEST(FilterTest, NoValueFailsEveryComparisonButUnequal) {
  for (const char* op : {"=", "<", "<=", ">", ">=", ":"}) {
    EXPECT_FALSE(Holds(absl::StrCat("place ", op, " x"))) << op;
  }
  EXPECT_TRUE(Holds("place != x"));
  EXPECT_TRUE(Holds("NOT place = x"));
}

TEST(FilterTest, TermsAreJoined) {
  EXPECT_TRUE(Holds("country = NZ AND name = hlz-nz AND tags:fast"));
  EXPECT_FALSE(Holds("country = NZ AND name = akl"));
  EXPECT_TRUE(Holds("country = AU OR country = NZ OR country = US"));
  EXPECT_FALSE(Holds("country = AU OR country = US"));
  EXPECT_TRUE(Holds("NOT country = AU AND NOT (name = akl OR name = chc)"));
  EXPECT_TRUE(Holds("NOT NOT country = NZ"));
  EXPECT_TRUE(Holds("(country = AU AND name = x) OR (country = NZ AND (tags:fast))"));
  EXPECT_TRUE(Holds("\n country=NZ\tAND(name=hlz-nz)"));
}

TEST(FilterTest, KeywordsAreWholeWordsInUpperCase) {
  EXPECT_TRUE(Holds("andes = no"));
  EXPECT_TRUE(Holds("country = 'AND' OR name = hlz-nz"));
  EXPECT_THAT(Error("country = NZ and name = x"), StartsWith("at 14: expected AND, OR or the end"));
  EXPECT_THAT(Error("country = NZ ANDname = x"), StartsWith("at 14:"));
}

TEST(FilterTest, ValuesMayHoldWhatAddressesDo) {
  EXPECT_FALSE(Holds("name = 2001:db8::1"));
  EXPECT_FALSE(Holds("name = 192.0.2.1 OR name=a+b/c_d"));
  EXPECT_FALSE(Holds("name = \"it's \\\"quoted\\\" (so)\""));
}

TEST(FilterTest, ErrorsSayWhereAndWhat) {
  EXPECT_THAT(Error(""), StartsWith("at 1: expected a field; there are name, country"));
  EXPECT_THAT(Error("  "), StartsWith("at 3: expected a field"));
  EXPECT_THAT(Error("nmae = x"), StartsWith("at 1: no field is named 'nmae'; there are name"));
  EXPECT_THAT(Error("name"), StartsWith("at 5: expected =, !="));
  EXPECT_THAT(Error("name ~ x"), StartsWith("at 6: expected =, !="));
  EXPECT_THAT(Error("name ="), StartsWith("at 7: expected a value"));
  EXPECT_THAT(Error("name = (x)"), StartsWith("at 8: expected a value"));
  EXPECT_THAT(Error("name = x y"), StartsWith("at 10: expected AND, OR or the end"));
  EXPECT_THAT(Error("name = x)"), StartsWith("at 9: expected AND"));
  EXPECT_THAT(Error("(name = x"), StartsWith("at 10: expected AND, OR or a closing"));
  EXPECT_THAT(Error("name = x AND"), StartsWith("at 13: expected a field"));
  EXPECT_THAT(Error("name = 'x"), StartsWith("at 8: the quote is not closed"));
  EXPECT_THAT(Error("name = 'x\\"), StartsWith("at 8: the quote is not closed"));
  EXPECT_THAT(Error("name = a*b"), StartsWith("at 8: a * stands only at an end"));
  EXPECT_THAT(Error("name = 'a*b'"), StartsWith("at 10: a * stands only at an end"));
  EXPECT_THAT(Error("name < a*"), StartsWith("at 8: a * needs"));
  EXPECT_THAT(Error("tags < a"), StartsWith("at 6: tags has no order"));
  EXPECT_THAT(Error("asn = many"), StartsWith("at 7: asn is compared with a number"));
  EXPECT_THAT(Error("asn = 64*"), StartsWith("at 7: asn is compared with a number"));
  EXPECT_THAT(Error("latitude < nan"), HasSubstr("with a number"));
  EXPECT_THAT(Error("latitude < AS5"), HasSubstr("with a number"));
}

TEST(FilterTest, AndBesideOrNeedsParentheses) {
  EXPECT_THAT(Error("name = a AND name = b OR name = c"),
              StartsWith("at 23: AND and OR side by side need parentheses"));
  EXPECT_THAT(Error("name = a OR name = b AND name = c"), HasSubstr("need parentheses"));
  EXPECT_FALSE(Holds("name = a AND (name = b OR name = c)"));
}

TEST(FilterTest, LengthAndDepthAreBounded) {
  EXPECT_TRUE(Holds(std::string(30, '(') + "name:*" + std::string(30, ')')));
  EXPECT_THAT(Error(std::string(2000, '(')), HasSubstr("nested too deep"));
  std::string negated;
  for (int i = 0; i < 1000; ++i) negated += "NOT ";
  EXPECT_THAT(Error(negated + "name:*"), HasSubstr("nested too deep"));
  EXPECT_THAT(Error("name = " + std::string(5000, 'x')), StartsWith("at 4097: longer than 4096"));
}

}  // namespace
}  // namespace scamper::filter
