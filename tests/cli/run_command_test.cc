// SPDX-License-Identifier: Apache-2.0
#include "client/cli/run_command.h"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/records/registry.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string TextOf(const std::string& dst) {
  return records::Text(PingResult("", 0, dst).result().record());
}

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class RunCommandTest : public testing::Test {
 protected:
  RunCommandTest() { AddInstance(&server_.instances, "vp1"); }

  Ran Run(const std::vector<std::string>& arguments) {
    return RunCli(server_.address(), arguments);
  }

  // The server answers Run with these events and ends with that status.
  void Answer(std::vector<v1::RunResponse> events, grpc::Status status = grpc::Status::OK) {
    server_.run = [events = std::move(events), status = std::move(status)](
                      grpc::ServerContext*, const v1::RunRequest&,
                      grpc::ServerWriter<v1::RunResponse>* writer) {
      for (const v1::RunResponse& event : events) writer->Write(event);
      return status;
    };
  }

  FakeServer server_;
};

TEST_F(RunCommandTest, TheOnlyInstanceNeedsNoName) {
  const Ran ran = Run({"ping", "--ttl", "7", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, TextOf("192.0.2.1") + "\n" + TextOf("192.0.2.2"));
  EXPECT_EQ(ran.err, "");
  const v1::RunRequest request = server_.request();
  EXPECT_THAT(request.instances(), ElementsAre("vp1"));
  ASSERT_EQ(request.measurements_size(), 2);
  EXPECT_EQ(request.measurements(1).ping().dst(), "192.0.2.2");
  EXPECT_EQ(request.measurements(1).ping().ttl(), 7u);
  EXPECT_FALSE(request.options().warts());
  EXPECT_FALSE(server_.had_deadline());
}

TEST_F(RunCommandTest, WhenToStopAndWhatToRecordAreAskedForWhereTheyAreGiven) {
  Run({"ping", "192.0.2.1"});
  EXPECT_FALSE(server_.request().has_stop());
  EXPECT_FALSE(server_.request().has_recording());
  const Ran ran = Run({"ping", "--results", "3", "--quiet-time", "2s", "--record", "a.json",
                       "--overwrite", "--request-id", "r1", "192.0.2.1"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  const v1::RunRequest request = server_.request();
  EXPECT_EQ(request.stop().results(), 3u);
  EXPECT_FALSE(request.stop().has_time_limit());
  EXPECT_EQ(request.stop().quiet_time().seconds(), 2);
  EXPECT_EQ(request.recording().file(), "a.json");
  EXPECT_TRUE(request.recording().overwrite());
  EXPECT_EQ(request.request_id(), "r1");
  EXPECT_EQ(Run({"ping", "--overwrite", "192.0.2.1"}).code, kUsageError);
}

TEST_F(RunCommandTest, WhatARuleStoppedIsNoFailure) {
  const std::vector<v1::RunResponse> events = {Accepted("vp1", 0), Accepted("vp1", 1),
                                               PingResult("vp1", 0, "192.0.2.1"),
                                               Error("vp1", 1, v1::TASK_OUTCOME_HALTED, "halted")};
  Answer(events);
  EXPECT_EQ(Run({"ping", "192.0.2.1", "192.0.2.2"}).code, kTaskFailed);
  const Ran ran = Run({"ping", "--results", "1", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.err, "");
}

TEST_F(RunCommandTest, ARecordingThatFailedIsAFailure) {
  v1::RunResponse done;
  done.mutable_done()->mutable_recording()->mutable_error()->set_message("the store is full");
  Answer({Accepted("vp1", 0), PingResult("vp1", 0, "192.0.2.1"), done});
  const Ran ran = Run({"ping", "--record", "a.warts", "192.0.2.1"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: --record: the store is full\n");
}

TEST_F(RunCommandTest, SeveralInstancesAndNoNameIsAUsageErrorThatListsThem) {
  AddInstance(&server_.instances, "vp2");
  const Ran ran = Run({"ping", "192.0.2.1"});
  EXPECT_EQ(ran.code, kUsageError);
  EXPECT_THAT(ran.err, HasSubstr("vp1, vp2"));
  EXPECT_THAT(ran.err, HasSubstr("--inst"));
  EXPECT_EQ(server_.request().measurements_size(), 0);
}

TEST_F(RunCommandTest, AServerWithoutInstancesIsSaid) {
  server_.instances.Clear();
  const Ran ran = Run({"ping", "192.0.2.1"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_THAT(ran.err, HasSubstr("no instance"));
}

TEST_F(RunCommandTest, ResultsOfSeveralInstancesAreHeadedByTheirNames) {
  const Ran ran = Run({"ping", "--inst", "vp1,vp2", "192.0.2.1"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, "vp1:\n" + TextOf("192.0.2.1") + "\nvp2:\n" + TextOf("192.0.2.1"));
  EXPECT_THAT(server_.request().instances(), ElementsAre("vp1", "vp2"));
}

TEST_F(RunCommandTest, AllAsksTheServerForAll) {
  AddInstance(&server_.instances, "vp2", v1::INSTANCE_STATE_LOST);
  Answer({Accepted("vp1", 0), PingResult("vp1", 0, "192.0.2.1")});
  const Ran ran = Run({"ping", "--all", "192.0.2.1"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_TRUE(server_.request().all_instances());
  EXPECT_EQ(server_.request().instances_size(), 0);
  EXPECT_THAT(ran.out, StartsWith("vp1:\n"));
}

TEST_F(RunCommandTest, FilterIsForTheServer) {
  Answer({Accepted("vp1", 0), PingResult("vp1", 0, "192.0.2.1")});
  const Ran ran = Run({"ping", "--filter", "country = NZ", "192.0.2.1"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(server_.list_filter, "country = NZ");
  EXPECT_EQ(server_.request().instance_filter(), "country = NZ");
  EXPECT_FALSE(server_.request().all_instances());
  EXPECT_EQ(server_.request().instances_size(), 0);
  EXPECT_THAT(ran.out, StartsWith("vp1:\n"));
  server_.instances.Clear();
  EXPECT_THAT(Run({"ping", "--filter", "country = AU", "192.0.2.1"}).err,
              HasSubstr("no instance matches --filter"));
  EXPECT_EQ(Run({"ping", "--filter", "x", "--all", "192.0.2.1"}).code, kUsageError);
}

TEST_F(RunCommandTest, AllNeedsOneThatIsReady) {
  server_.instances.mutable_instances(0)->set_state(v1::INSTANCE_STATE_LOST);
  const Ran ran = Run({"ping", "--all", "192.0.2.1"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_THAT(ran.err, HasSubstr("no instance is ready"));
}

TEST_F(RunCommandTest, AFailedTaskIsSaidAndTheOthersArePrinted) {
  Answer({Accepted("vp1", 0), Accepted("vp1", 1),
          Error("vp1", 0, v1::TASK_OUTCOME_REJECTED, "scamper says no"),
          PingResult("vp1", 1, "192.0.2.2")});
  const Ran ran = Run({"ping", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_EQ(ran.out, TextOf("192.0.2.2"));
  EXPECT_EQ(ran.err,
            "scamper-grpc: vp1 192.0.2.1: scamper says no (rejected)\n"
            "scamper-grpc: 1 of 2 tasks gave a result\n");
}

TEST_F(RunCommandTest, AnAcceptedTaskWithoutAnEndIsAFailure) {
  Answer({Accepted("vp1", 0)});
  EXPECT_EQ(Run({"ping", "192.0.2.1"}).code, kTaskFailed);
}

TEST_F(RunCommandTest, JsonHasALineForEachResultAndError) {
  Answer({Accepted("vp1", 0), Accepted("vp1", 1), Error("vp1", 1, v1::TASK_OUTCOME_REJECTED, "no"),
          PingResult("vp1", 0, "192.0.2.1")});
  const Ran ran = Run({"ping", "--json", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kTaskFailed);
  const std::vector<std::string> lines = absl::StrSplit(ran.out, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("\"dst\":\"192.0.2.2\""));
  EXPECT_THAT(lines[0], HasSubstr("\"outcome\":\"TASK_OUTCOME_REJECTED\""));
  EXPECT_THAT(lines[1], HasSubstr("\"record\""));
}

TEST_F(RunCommandTest, ViolationsNameTheFlagOnceAndTheDestination) {
  Answer({}, BadRequest({{"measurements[0].ping.wait_probe", "must be within 1 ms - 20 s"},
                         {"measurements[1].ping.wait_probe", "must be within 1 ms - 20 s"},
                         {"measurements[1].ping.dst", "is no address"}}));
  const Ran ran = Run({"ping", "--wait-probe", "60", "192.0.2.1", "example.com"});
  EXPECT_EQ(ran.code, kUsageError);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "scamper-grpc: --wait-probe: must be within 1 ms - 20 s\n"
            "scamper-grpc: dst example.com: is no address\n");
}

TEST_F(RunCommandTest, AnUnknownInstanceIsTheServersToSay) {
  Answer({}, grpc::Status(grpc::StatusCode::NOT_FOUND, "no instance is named 'nowhere'"));
  const Ran ran = Run({"ping", "--inst", "nowhere", "192.0.2.1"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: no instance is named 'nowhere'\n");
}

TEST_F(RunCommandTest, AnErrorInTheMiddleKeepsWhatCame) {
  Answer({Accepted("vp1", 0), Accepted("vp1", 1), PingResult("vp1", 0, "192.0.2.1")},
         grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too much is queued"));
  const Ran ran = Run({"ping", "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.out, TextOf("192.0.2.1"));
  EXPECT_THAT(ran.err, HasSubstr("too much is queued"));
  EXPECT_THAT(ran.err, HasSubstr("1 of 2 tasks"));
}

TEST_F(RunCommandTest, AnErrorWithoutTextIsSaidByItsCode) {
  Answer({}, grpc::Status(grpc::StatusCode::INTERNAL, ""));
  EXPECT_THAT(Run({"ping", "192.0.2.1"}).err, HasSubstr("code 13"));
}

TEST_F(RunCommandTest, TheTimeoutEndsTheCall) {
  server_.run = [](grpc::ServerContext* context, const v1::RunRequest&,
                   grpc::ServerWriter<v1::RunResponse>* writer) {
    writer->Write(Accepted("vp1", 0));
    while (!context->IsCancelled()) usleep(1000);
    return grpc::Status::CANCELLED;
  };
  const Ran ran = Run({"ping", "--inst", "vp1", "--timeout", "500ms", "192.0.2.1"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("--timeout 500ms"));
  EXPECT_TRUE(server_.had_deadline());
}

TEST_F(RunCommandTest, AServerThatIsNotThereIsNamedWithAHint) {
  const Ran ran = RunCli("unix:/nonexistent/s", {"ping", "--inst", "vp1", "192.0.2.1"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach scamper-grpc-server at unix:/nonexistent/s"));
}

TEST_F(RunCommandTest, ProgressIsErasedBeforeOtherOutput) {
  Answer({Accepted("vp1", 0), Error("vp1", 0, v1::TASK_OUTCOME_HALTED, "why")});
  const Ran ran = RunCli(server_.address(), {"ping", "192.0.2.1"}, true);
  EXPECT_THAT(ran.err, StartsWith("0/1 done\r        \r0/1 done\r        \rscamper-grpc: vp1"));
  EXPECT_THAT(ran.err, HasSubstr("1/1 done, 1 failed\r"));
  EXPECT_EQ(ran.err.back(), '\r');
}

TEST_F(RunCommandTest, InterimReportsAreInJsonOnly) {
  v1::RunResponse interim;
  *interim.mutable_progress() = PingResult("vp1", 0, "192.0.2.1").result();
  Answer({Accepted("vp1", 0), interim, PingResult("vp1", 0, "192.0.2.1")});
  EXPECT_EQ(Run({"ping", "192.0.2.1"}).out, TextOf("192.0.2.1"));
  EXPECT_THAT(Run({"ping", "--json", "192.0.2.1"}).out, HasSubstr("\"interim\":true"));
}

TEST_F(RunCommandTest, WartsAreThePreambleAndTheRecords) {
  const std::string path = testing::TempDir() + "/cli_test.warts";
  const Ran ran = Run({"ping", "--warts", path, "192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_TRUE(server_.request().options().warts());
  EXPECT_EQ(Contents(path), "preamble of vp1;record of 192.0.2.1;record of 192.0.2.2;");
  remove(path.c_str());
}

TEST_F(RunCommandTest, WartsOfSeveralInstancesAreRefused) {
  const std::string path = testing::TempDir() + "/cli_test_two.warts";
  const Ran ran = Run({"ping", "--warts", path, "--inst", "vp1,vp2", "192.0.2.1"});
  EXPECT_EQ(ran.code, kUsageError);
  EXPECT_THAT(ran.err, HasSubstr("one instance"));
  EXPECT_EQ(server_.request().measurements_size(), 0);
  EXPECT_EQ(Contents(path), "");
}

TEST_F(RunCommandTest, AWartsFileThatCannotBeWrittenIsSaidBeforeAnythingIsMeasured) {
  const Ran ran = Run({"ping", "--warts", "/nonexistent/x", "192.0.2.1"});
  EXPECT_EQ(ran.code, kUsageError);
  EXPECT_THAT(ran.err, HasSubstr("/nonexistent/x"));
  EXPECT_EQ(server_.request().measurements_size(), 0);
}

TEST_F(RunCommandTest, OutputThatCannotBeWrittenEndsTheRun) {
  server_.run = [](grpc::ServerContext* context, const v1::RunRequest&,
                   grpc::ServerWriter<v1::RunResponse>* writer) {
    writer->Write(PingResult("vp1", 0, "192.0.2.1"));
    while (!context->IsCancelled()) usleep(1000);
    return grpc::Status::CANCELLED;
  };
  std::istringstream in;
  std::ofstream full("/dev/full");
  std::ostringstream err;
  EXPECT_EQ(RunProgram({"ping", "192.0.2.1"}, server_.address(), Console{in, full, err}, nullptr),
            kTaskFailed);
  EXPECT_THAT(err.str(), HasSubstr("cannot write the output"));
}

TEST_F(RunCommandTest, AddressesAreAskedForOnRequest) {
  Run({"ping", "--json", "--addresses", "192.0.2.1"});
  EXPECT_TRUE(server_.request().options().addresses());
}

}  // namespace
}  // namespace scamper::cli
