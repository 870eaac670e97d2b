// SPDX-License-Identifier: Apache-2.0
#include "client/cli/instances_command.h"

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;

v1::ListInstancesResponse TwoInstances() {
  v1::ListInstancesResponse response;
  AddInstance(&response, "vp1");
  v1::Instance* first = response.mutable_instances(0);
  first->set_version("20211212");
  first->set_pps(10000);
  first->set_monitor_name("mon");
  first->mutable_list()->set_name("default");
  first->mutable_cycle()->set_id(4);
  first->set_outstanding(12);
  AddInstance(&response, "longer-name", v1::INSTANCE_STATE_LOST);
  response.mutable_instances(1)->set_error("connection refused");
  return response;
}

TEST(InstancesCommandTest, TheTableIsAligned) {
  EXPECT_EQ(
      InstancesTable(TwoInstances()),
      "NAME         STATE  VERSION   PPS    MONITOR  LIST     CYCLE  OUTSTANDING  ENDPOINT"
      "               ERROR\n"
      "vp1          ready  20211212  10000  mon      default  4      12           unix:/run/vp1"
      "          -\n"
      "longer-name  lost   -         -      -        -        -      0            "
      "unix:/run/longer-name  connection refused\n");
}

TEST(InstancesCommandTest, WhatIsKnownOfVantagePointsHasColumnsOfItsOwn) {
  v1::ListInstancesResponse response;
  AddInstance(&response, "hlz");
  v1::Instance* instance = response.mutable_instances(0);
  instance->set_version("20230614");
  instance->set_version_source(v1::VERSION_SOURCE_LEARNT);
  v1::VantagePoint* vp = instance->mutable_vantage_point();
  vp->set_monitor_name("hlz");
  vp->set_asn4(64496);
  vp->set_asn6(64500);
  vp->set_country("NZ");
  vp->set_place("Hamilton");
  EXPECT_EQ(InstancesTable(response),
            "NAME  STATE  VERSION            PPS  MONITOR  ASN          WHERE        LIST  CYCLE  "
            "OUTSTANDING  ENDPOINT       ERROR\n"
            "hlz   ready  20230614 (learnt)  -    hlz      64496,64500  NZ Hamilton  -     -      "
            "0            unix:/run/hlz  -\n");
}

TEST(InstancesCommandTest, SourcesStandBelowTheTable) {
  FakeServer server;
  server.instances = TwoInstances();
  v1::InstanceSource* source = server.instances.add_sources();
  source->set_name("ark");
  source->set_endpoint("mux:/run/mux");
  source->set_vantage_points(2);
  const Ran ran = RunCli(server.address(), {"instances", "--filter", "country = NZ"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, InstancesTable(TwoInstances()) +
                         "\nSOURCE  VPS  ENDPOINT      ERROR\nark     2    mux:/run/mux  -\n");
  EXPECT_EQ(server.list_filter, "country = NZ");
}

TEST(InstancesCommandTest, AttachPrintsTheName) {
  FakeServer server;
  const Ran ran = RunCli(server.address(),
                         {"attach", "mux:/run/mux", "--name", "ark", "--version-of", "20230614"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, "the name\n");
  EXPECT_EQ(server.attached.endpoint(), "mux:/run/mux");
  EXPECT_EQ(server.attached.name(), "ark");
  EXPECT_EQ(server.attached.version(), "20230614");
}

TEST(InstancesCommandTest, DetachNamesTheInstance) {
  FakeServer server;
  EXPECT_EQ(RunCli(server.address(), {"detach", "ark"}).code, kSuccess);
  EXPECT_EQ(server.detached.name(), "ark");
  server.attach_status = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "not allowed");
  const Ran refused = RunCli(server.address(), {"detach", "ark"});
  EXPECT_EQ(refused.code, kRpcFailed);
  EXPECT_EQ(refused.err, "scamper-grpc: not allowed\n");
}

TEST(InstancesCommandTest, PrintsTheTableAndSucceeds) {
  FakeServer server;
  server.instances = TwoInstances();
  const Ran ran = RunCli(server.address(), {"instances"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, InstancesTable(TwoInstances()));
}

TEST(InstancesCommandTest, JsonIsOneInstanceALine) {
  FakeServer server;
  server.instances = TwoInstances();
  const Ran ran = RunCli(server.address(), {"instances", "--json"});
  const std::vector<std::string> lines = absl::StrSplit(ran.out, '\n');
  ASSERT_EQ(lines.size(), 3u);
  v1::Instance back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(lines[1], &back).ok());
  EXPECT_EQ(back.SerializeAsString(), TwoInstances().instances(1).SerializeAsString());
}

TEST(InstancesCommandTest, AnErrorOfTheServerIsSaid) {
  FakeServer server;
  server.list_status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "shutting down");
  const Ran ran = RunCli(server.address(), {"instances"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "scamper-grpc: shutting down\n");
}

TEST(InstancesCommandTest, AServerThatIsNotThereIsNamedWithAHint) {
  const Ran ran = RunCli("unix:/nonexistent/s", {"instances"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach scamper-grpc-server at unix:/nonexistent/s"));
  EXPECT_THAT(ran.err, HasSubstr("--server"));
}

}  // namespace
}  // namespace scamper::cli
