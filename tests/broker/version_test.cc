// SPDX-License-Identifier: Apache-2.0
// How an instance's version comes to be known.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class VersionTest : public BrokerTest {
 protected:
  VersionTest() {
    BrokerOptions options;
    options.capabilities = [](int version) {
      return std::vector<std::string>{absl::StrCat("since ", version)};
    };
    Start(options);
  }

  void AddRelayed(const std::string& configured) {
    auto& daemon = daemons_["a"];
    daemon = std::make_unique<fakes::FakeDaemon>(&executor_);
    daemon->version_date = 0;
    InstanceSpec spec{"a", "remote:a", daemon->MakeConnector()};
    spec.version = configured;
    EXPECT_TRUE(broker_->AddInstance(std::move(spec)).ok());
    Settle();
  }

  std::string Rejection(const std::string& text) {
    daemon("a").rejection = text;
    SubmitLine(id_, "a", "bad d x");
    RunDry("a");
    return std::string(client_.ends.rbegin()->second.status.message());
  }

  // The version that the next command is made for.
  int VersionForCommands() {
    int version = -1;
    const auto make = [&version](int v) -> absl::StatusOr<std::string> {
      version = v;
      return absl::CancelledError("not sent");
    };
    EXPECT_TRUE(broker_->Submit(id_, {"a", make, ""}).ok());
    Settle();
    return version;
  }
};

TEST_F(VersionTest, AskedVersionGoesBeforeWhatWasConfigured) {
  auto& d = daemons_["a"];
  d = std::make_unique<fakes::FakeDaemon>(&executor_);
  InstanceSpec spec{"a", "unix:a", d->MakeConnector()};
  spec.version = "20211212";
  ASSERT_TRUE(broker_->AddInstance(std::move(spec)).ok());
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_CONFIGURED);
  Settle();
  EXPECT_EQ(Get("a").version(), "20260420");
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_ASKED);
  EXPECT_THAT(Get("a").capabilities(), ElementsAre("since 20260420"));
}

TEST_F(VersionTest, ConfiguredVersionStandsForOneThatCannotBeAsked) {
  AddRelayed("20230614a");
  EXPECT_EQ(Get("a").version(), "20230614a");
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_CONFIGURED);
  EXPECT_THAT(Get("a").capabilities(), ElementsAre("since 20230614"));
  EXPECT_EQ(VersionForCommands(), 20230614);
  EXPECT_THAT(Rejection("command not accepted"), Not(HasSubstr("is taken for")));
  EXPECT_EQ(Get("a").version(), "20230614a");
}

TEST_F(VersionTest, UnknownVersionIsTakenAsTheNewest) {
  AddRelayed("");
  EXPECT_EQ(Get("a").version(), "");
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_UNSPECIFIED);
  EXPECT_THAT(Get("a").capabilities(), IsEmpty());
  EXPECT_EQ(VersionForCommands(), 0);
}

TEST_F(VersionTest, RejectionWithoutAReasonTellsOfAnOldVersion) {
  AddRelayed("");
  EXPECT_THAT(Rejection("command not accepted"), HasSubstr("taken for 20230614"));
  EXPECT_EQ(Get("a").version(), "20230614");
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_LEARNT);
  EXPECT_EQ(VersionForCommands(), 20230614);
  EXPECT_THAT(Rejection("command not accepted"), Not(HasSubstr("taken for")));
}

TEST_F(VersionTest, RejectionWithAReasonSaysThatTheVersionMayLackIt) {
  AddRelayed("");
  EXPECT_THAT(Rejection("command not accepted: could not parse ping command"),
              HasSubstr("version of instance a is not known; it may lack this"));
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_UNSPECIFIED);
  EXPECT_THAT(Rejection("command not accepted: -c failed: out of range"),
              Not(HasSubstr("may lack")));
}

TEST_F(VersionTest, ResultWithoutANumberTellsOfAnOlderVersionYet) {
  AddRelayed("");
  daemon("a").ids_in_records = false;
  Rejection("command not accepted");
  Submit(id_, "a", "d");
  RunDry("a");
  EXPECT_EQ(Get("a").version(), "20211212");
  Rejection("command not accepted");
  EXPECT_EQ(Get("a").version(), "20211212");
}

TEST_F(VersionTest, WhatWasLearntHoldsForTheConnection) {
  AddRelayed("");
  Rejection("command not accepted");
  daemon("a").Kill();
  executor_.Advance(absl::Seconds(1));
  EXPECT_EQ(Get("a").state(), v1::INSTANCE_STATE_READY);
  EXPECT_EQ(Get("a").version_source(), v1::VERSION_SOURCE_UNSPECIFIED);
}

}  // namespace
}  // namespace scamper::broker
