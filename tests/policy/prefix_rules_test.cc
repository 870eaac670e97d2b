// SPDX-License-Identifier: Apache-2.0
#include "server/policy/prefix_rules.h"

#include <string>

#include "gtest/gtest.h"

namespace scamper::policy {
namespace {

PrefixRules Rules(absl::string_view text) {
  absl::StatusOr<PrefixRules> rules = PrefixRules::Parse(text);
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

// The rule's prefix, or "".
std::string Found(const PrefixRules& rules, absl::string_view text) {
  const auto prefix = base::ParseIpPrefix(text);
  EXPECT_TRUE(prefix.ok()) << text;
  const PrefixRule* rule = rules.Find(*prefix);
  return rule == nullptr ? "" : base::FormatIpPrefix(rule->prefix);
}

TEST(PrefixRulesTest, FindsTheLongestThatCovers) {
  const PrefixRules rules =
      Rules("192.0.2.0/24\n192.0.2.128/25\n192.0.2.129\n2001:db8::/32\n2001:db8:1::/48\n");
  EXPECT_EQ(Found(rules, "192.0.2.1"), "192.0.2.0/24");
  EXPECT_EQ(Found(rules, "192.0.2.127"), "192.0.2.0/24");
  EXPECT_EQ(Found(rules, "192.0.2.128"), "192.0.2.128/25");
  EXPECT_EQ(Found(rules, "192.0.2.129"), "192.0.2.129/32");
  EXPECT_EQ(Found(rules, "192.0.2.128/26"), "192.0.2.128/25");
  EXPECT_EQ(Found(rules, "192.0.1.255"), "");
  EXPECT_EQ(Found(rules, "192.0.3.0"), "");
  EXPECT_EQ(Found(rules, "2001:db8:ffff::1"), "2001:db8::/32");
  EXPECT_EQ(Found(rules, "2001:db8:1:ffff::"), "2001:db8:1::/48");
  EXPECT_EQ(Found(rules, "2001:db9::"), "");
}

TEST(PrefixRulesTest, FindsOneInsideThePrefixThatIsAskedFor) {
  const PrefixRules rules = Rules("192.0.2.77\n2001:db8:1::/48");
  EXPECT_EQ(Found(rules, "192.0.2.0/24"), "192.0.2.77/32");
  EXPECT_EQ(Found(rules, "192.0.2.76/30"), "192.0.2.77/32");
  EXPECT_EQ(Found(rules, "192.0.2.80/30"), "");
  EXPECT_EQ(Found(rules, "192.0.2.72/30"), "");
  EXPECT_EQ(Found(rules, "0.0.0.0/0"), "192.0.2.77/32");
  EXPECT_EQ(Found(rules, "2001:db8::/32"), "2001:db8:1::/48");
  EXPECT_EQ(Found(rules, "2001:db8::/48"), "");
  EXPECT_EQ(Found(rules, "::/0"), "2001:db8:1::/48");
}

TEST(PrefixRulesTest, FamiliesAreKeptApart) {
  EXPECT_EQ(Found(Rules("0.0.0.0/0"), "::"), "");
  EXPECT_EQ(Found(Rules("::/0"), "0.0.0.0"), "");
  EXPECT_EQ(Found(Rules("0.0.0.0/0"), "203.0.113.1"), "0.0.0.0/0");
  EXPECT_EQ(Found(Rules("::/0"), "2001:db8::1"), "::/0");
}

TEST(PrefixRulesTest, KeepsCommentsAndLines) {
  const PrefixRules rules = Rules(
      "# asked not to be probed\r\n"
      "\n"
      "  192.0.2.0/24  # ticket 12 # again \r\n"
      "198.51.100.0/24\n"
      "192.0.2.0/24 # twice");
  EXPECT_EQ(rules.size(), 2u);
  const PrefixRule* rule = rules.Find(*base::ParseIpPrefix("192.0.2.9"));
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->comment, "ticket 12 # again");
  EXPECT_EQ(rule->line, 3);
  rule = rules.Find(*base::ParseIpPrefix("198.51.100.1"));
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->comment, "");
  EXPECT_EQ(rule->line, 4);
  EXPECT_EQ(Rules("").size(), 0u);
}

TEST(PrefixRulesTest, ShowsTextThatIsSafeToSend) {
  const PrefixRules rules = Rules("192.0.2.1 # \xff\x01\n");
  EXPECT_EQ(rules.Find(*base::ParseIpPrefix("192.0.2.1"))->comment, "\\xff\\x01");
  EXPECT_EQ(Rules("192.0.2.1 # asked by \u00e9").Find(*base::ParseIpPrefix("192.0.2.1"))->comment,
            "asked by \u00e9");
}

TEST(PrefixRulesTest, NamesTheLinesThatAreWrong) {
  const absl::Status status =
      PrefixRules::Parse("192.0.2.0/24\nexample.org\n\n10.1.2.3/8 # x\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "line 2: 'example.org' is no IPv4 or IPv6 address or prefix; "
            "line 4: '10.1.2.3/8' has bits behind its length; 10.0.0.0/8 has not");
}

}  // namespace
}  // namespace scamper::policy
