// SPDX-License-Identifier: Apache-2.0
#include "client/cli/connection.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;

TEST(FlagOfPathTest, PathsOfTheRequestAreFlags) {
  const std::vector<std::string> destinations = {"192.0.2.1", "example.com"};
  EXPECT_EQ(FlagOfPath("measurements[0].ping.ttl", destinations), "--ttl");
  EXPECT_EQ(FlagOfPath("measurements[1].trace.wait_probe", destinations), "--wait-probe");
  EXPECT_EQ(FlagOfPath("measurements[1].ping.dst", destinations), "dst example.com");
  EXPECT_EQ(FlagOfPath("measurements[0].trace.gss[3]", destinations), "--gss");
  EXPECT_EQ(FlagOfPath("measurements[0].ping.tsprespec.ips[0]", destinations), "--tsprespec");
  EXPECT_EQ(FlagOfPath("measurements[0].ally.probedefs[1].ttl", destinations),
            "--probedefs[1].ttl");
  EXPECT_EQ(FlagOfPath("measurements[1].ally.dst2", {"a b", "c d"}), "dst2 c d");
  EXPECT_EQ(FlagOfPath("measurements[0].radargun.addrs[1]", {"a b"}), "addrs a b");
  EXPECT_EQ(FlagOfPath("measurements[0].dns.qname", {"a_?"}), "qname a_?");
  EXPECT_EQ(FlagOfPath("ping.ttl", destinations), "--ttl");
  EXPECT_EQ(FlagOfPath("instances[0]", destinations), "--inst");
}

TEST(FlagOfPathTest, WhatIsNoPathOfAParameterStays) {
  EXPECT_EQ(FlagOfPath("", {}), "");
  EXPECT_EQ(FlagOfPath("measurements", {}), "measurements");
  EXPECT_EQ(FlagOfPath("measurements[0]", {}), "measurements[0]");
  EXPECT_EQ(FlagOfPath("measurements[7].ping.dst", {"192.0.2.1"}), "dst");
  EXPECT_EQ(FlagOfPath("measurements[x].ping.dst", {}), "dst");
}

TEST(ViolationsTest, WithoutDetailsTheMessageIsSaid) {
  google::rpc::Status status;
  status.set_message("what is wrong");
  EXPECT_THAT(Violations(status, {}), ElementsAre("what is wrong"));
  status.add_details()->set_type_url("type.googleapis.com/unknown.Type");
  EXPECT_THAT(Violations(status, {}), ElementsAre("what is wrong"));
}

}  // namespace
}  // namespace scamper::cli
