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
