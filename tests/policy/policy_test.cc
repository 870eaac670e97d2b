// SPDX-License-Identifier: Apache-2.0
#include "server/policy/policy.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "scamper/v1/task.pb.h"

namespace scamper::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Measurement(const std::string& text) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &measurement)) << text;
  return measurement;
}

std::unique_ptr<Policy> Make(PolicyOptions options) {
  auto policy = Policy::Make(std::move(options));
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *std::move(policy) : nullptr;
}

// Why the policy refuses the measurement; empty where it does not.
std::string Refusal(const Policy& policy, const std::string& text) {
  const absl::Status status = policy.Check(Measurement(text));
  EXPECT_TRUE(status.ok() || absl::IsPermissionDenied(status)) << status;
  return std::string(status.message());
}

class PolicyTest : public testing::Test {
 protected:
  ~PolicyTest() override { std::filesystem::remove_all(folder_); }

  // A file of that name and text; written anew where it is there.
  std::string Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder_);
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  std::vector<std::string> Refresh(Policy& policy) {
    std::vector<std::string> lines;
    policy.Refresh([&](const std::string& line) { lines.push_back(line); });
    return lines;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      absl::StrCat("policy_", testing::UnitTest::GetInstance()->random_seed(), "_",
                   testing::UnitTest::GetInstance()->current_test_info()->name(), "_", getpid());
};

TEST_F(PolicyTest, RefusesWhatHasATargetInAFileAndNamesTheRule) {
  const std::string one = Write("one", "# of ours\n192.0.2.0/24 # asked by X\n");
  const std::string two = Write("two", "203.0.113.7\n2001:db8::/32\n");
  const auto policy = Make({.do_not_probe = {one, two}});
  EXPECT_EQ(Refusal(*policy, "ping { dst: '192.0.2.1' }"),
            absl::StrCat("ping.dst 192.0.2.1 is refused by do_not_probe ", one,
                         ":2 (192.0.2.0/24, \"asked by X\")"));
  EXPECT_EQ(Refusal(*policy, "trace { dst: '198.51.100.1' rtr: '203.0.113.7' }"),
            absl::StrCat("trace.rtr 203.0.113.7 is refused by do_not_probe ", two,
                         ":1 (203.0.113.7/32)"));
  EXPECT_THAT(Refusal(*policy, "ping { dst: '2001:db8::1' }"), HasSubstr(":2 (2001:db8::/32)"));
  EXPECT_EQ(Refusal(*policy, "ping { dst: '198.51.100.1' }"), "");
  EXPECT_EQ(Refusal(*policy, "sniff { src: '192.0.2.1' icmp_id: 1 }"), "");
}

TEST_F(PolicyTest, ARuleOfIpv4HoldsForTheWaysToItByIpv6) {
  const auto policy = Make({.do_not_probe = {Write("rules", "192.0.2.0/24\n")}});
  for (const char* address : {"64:ff9b::192.0.2.1", "64:ff9b::c000:2ff", "2002:c000:201::1"}) {
    EXPECT_THAT(Refusal(*policy, absl::StrCat("ping { dst: '", address, "' }")),
                HasSubstr("(192.0.2.0/24)"))
        << address;
  }
  for (const char* address : {"64:ff9b::192.0.3.1", "64:ff9b:1::192.0.2.1", "2002:c000:301::1",
                              "2001:db8::192.0.2.1", "2003:c000:201::1"}) {
    EXPECT_EQ(Refusal(*policy, absl::StrCat("ping { dst: '", address, "' }")), "") << address;
  }
}

TEST_F(PolicyTest, ChecksTheWholePrefixOfAPrefixscan) {
  const std::string path = Write("rules", "192.0.2.77\n");
  const auto policy = Make({.do_not_probe = {path}});
  const auto scan = [](int length) {
    return absl::StrCat("prefixscan { near: '198.51.100.1' far: '192.0.2.1' prefixlen: ", length,
                        " }");
  };
  EXPECT_EQ(Refusal(*policy, scan(24)),
            absl::StrCat("prefixscan.far 192.0.2.0/24 is refused by do_not_probe ", path,
                         ":1 (192.0.2.77/32)"));
  EXPECT_EQ(Refusal(*policy, scan(26)), "");
}

TEST_F(PolicyTest, RefusesKindsThatAreNotAllowed) {
  const auto policy = Make({.allow_measurements = {"ping", "trace"}});
  EXPECT_EQ(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
  EXPECT_EQ(Refusal(*policy, "dns { qname: 'a.test' }"),
            "dns is refused by allow_measurements (ping, trace)");
}

TEST_F(PolicyTest, SpoofedSourcesNeedLeave) {
  const std::string spoofed = "ping { dst: '192.0.2.1' src: '198.51.100.1' spoof: true }";
  EXPECT_EQ(Refusal(*Make({}), spoofed),
            "ping.spoof is refused: spoofed sources need allow_spoofing");
  EXPECT_EQ(Refusal(*Make({}), "ping { dst: '192.0.2.1' src: '198.51.100.1' }"), "");
  EXPECT_EQ(Refusal(*Make({.allow_spoofing = true}), spoofed), "");
  // Who is made to seem to ask gets the replies.
  const std::string path = Write("rules", "198.51.100.0/24");
  EXPECT_THAT(Refusal(*Make({.do_not_probe = {path}, .allow_spoofing = true}), spoofed),
              HasSubstr("ping.src 198.51.100.1 is refused by do_not_probe"));
}

TEST_F(PolicyTest, WrongOptionsAreErrorsThatNameThem) {
  EXPECT_THAT(std::string(Policy::Make({.allow_measurements = {"pong"}}).status().message()),
              HasSubstr("no measurement is named 'pong'; there are trace, ping, "));
  // A field of Measurement that is no kind.
  EXPECT_FALSE(Policy::Make({.allow_measurements = {"instances"}}).ok());
  const std::string path = Write("rules", "192.0.2.0/24\nexample.test\n");
  EXPECT_EQ(Policy::Make({.do_not_probe = {path}}).status().message(),
            absl::StrCat("do_not_probe ", path,
                         ": line 2: 'example.test' is no IPv4 or IPv6 address or prefix"));
  EXPECT_EQ(Policy::Make({.do_not_probe = {"/nonexistent/rules"}}).status().message(),
            "do_not_probe /nonexistent/rules: cannot be read: No such file or directory");
  EXPECT_THAT(
      std::string(Policy::Make({.do_not_probe = {folder_.parent_path()}}).status().message()),
      HasSubstr("cannot be read"));
}

TEST_F(PolicyTest, AChangedFileIsReadOnceItStaysAsItIs) {
  const std::string path = Write("rules", "192.0.2.0/24\n");
  const auto policy = Make({.do_not_probe = {path}});
  EXPECT_THAT(Refresh(*policy), IsEmpty());
  Write("rules", "198.51.100.0/24\n203.0.113.0/24\n");
  EXPECT_THAT(Refresh(*policy), IsEmpty());
  Write("rules", "198.51.100.0/24\n");
  EXPECT_THAT(Refresh(*policy), IsEmpty());
  EXPECT_NE(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
  EXPECT_THAT(Refresh(*policy),
              ElementsAre(absl::StrCat("do_not_probe ", path, ": read again, 1 rules")));
  EXPECT_EQ(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
  EXPECT_NE(Refusal(*policy, "ping { dst: '198.51.100.1' }"), "");
  EXPECT_THAT(Refresh(*policy), IsEmpty());
}

TEST_F(PolicyTest, ABrokenOrLostFileLeavesTheRulesAndIsToldOnce) {
  const std::string path = Write("rules", "192.0.2.0/24\n");
  const auto policy = Make({.do_not_probe = {path}});
  Write("rules", "192.0.2.0/33\n");
  Refresh(*policy);
  EXPECT_THAT(Refresh(*policy),
              ElementsAre(absl::StrCat("do_not_probe ", path,
                                       ": line 1: '192.0.2.0/33' needs a length within 0 - 32; "
                                       "the rules read before stay")));
  EXPECT_THAT(Refresh(*policy), IsEmpty());
  EXPECT_NE(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
  std::filesystem::remove(path);
  Refresh(*policy);
  EXPECT_THAT(Refresh(*policy), ElementsAre(HasSubstr("cannot be read")));
  EXPECT_THAT(Refresh(*policy), IsEmpty());
  EXPECT_NE(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
  Write("rules", "");
  Refresh(*policy);
  EXPECT_THAT(Refresh(*policy), ElementsAre(HasSubstr("read again, 0 rules")));
  EXPECT_EQ(Refusal(*policy, "ping { dst: '192.0.2.1' }"), "");
}

TEST_F(PolicyTest, KeepFreshReadsByItself) {
  const std::string path = Write("rules", "192.0.2.0/24\n");
  const auto policy = Make({.do_not_probe = {path}});
  absl::Notification read;
  policy->KeepFresh(absl::Milliseconds(1), [&](const std::string&) {
    if (!read.HasBeenNotified()) read.Notify();
  });
  std::filesystem::rename(Write("new", "198.51.100.0/24\n"), path);
  read.WaitForNotification();
}

}  // namespace
}  // namespace scamper::policy
