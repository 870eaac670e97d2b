// SPDX-License-Identifier: Apache-2.0
#include "client/cli/explain_command.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;

// Two tasks of one instance; the second is refused.
class ExplainCommandTest : public testing::Test {
 protected:
  ExplainCommandTest() {
    server_.explain = [this](const v1::ExplainRequest& request,
                             grpc::ServerWriter<v1::ExplainResponse>* writer) {
      request_ = request;
      v1::ExplainResponse event;
      v1::ExplainedTask* task = event.mutable_task();
      task->set_instance("vp1");
      task->set_command("ping -c 2 192.0.2.1");
      task->set_version("20211212");
      task->set_packets(2);
      task->set_packets_max(2);
      task->mutable_duration()->set_seconds(1);
      writer->Write(event);
      task->set_measurement(1);
      task->set_command("ping -c 2 192.0.2.77");
      task->clear_packets_max();
      task->set_outcome(v1::TASK_OUTCOME_REFUSED);
      task->mutable_status()->set_code(grpc::StatusCode::PERMISSION_DENIED);
      task->mutable_status()->set_message("refused by a rule");
      if (refuse_) writer->Write(event);
      v1::ExplainedInstance* sums = event.mutable_instance();
      sums->set_instance("vp1");
      sums->set_tasks(1);
      sums->set_not_sent(refuse_ ? 1 : 0);
      sums->set_packets(2);
      sums->set_packets_max(2);
      sums->set_pps(20);
      sums->mutable_duration()->set_seconds(1);
      sums->mutable_duration()->set_nanos(500000000);
      writer->Write(event);
      return grpc::Status::OK;
    };
  }

  FakeServer server_;
  v1::ExplainRequest request_;
  bool refuse_ = true;
};

TEST_F(ExplainCommandTest, PrintsTasksAndSumsAndFailsWhereATaskIsNotSent) {
  const Ran ran = RunCli(server_.address(), {"ping", "--dry-run", "--attempts", "2", "--inst",
                                             "vp1", "192.0.2.1", "192.0.2.77"});
  EXPECT_EQ(ran.code, kTaskFailed) << ran.err;
  EXPECT_EQ(ran.out,
            "INSTANCE  PACKETS  AT MOST  SECONDS  COMMAND               NOT SENT BECAUSE\n"
            "vp1       2        2        1.0      ping -c 2 192.0.2.1   -\n"
            "vp1       2        -        1.0      ping -c 2 192.0.2.77  refused by a rule\n"
            "\n"
            "INSTANCE  TASKS  NOT SENT  PACKETS  AT MOST  PPS  SECONDS\n"
            "vp1       1      1         2        2        20   1.5\n");
  EXPECT_EQ(request_.measurements_size(), 2);
  EXPECT_EQ(request_.measurements(1).ping().dst(), "192.0.2.77");
  EXPECT_EQ(request_.instances(0), "vp1");
  EXPECT_FALSE(request_.all_instances());
}

TEST_F(ExplainCommandTest, JsonHasALineForEachTaskAndInstance) {
  refuse_ = false;
  const Ran ran = RunCli(server_.address(), {"ping", "--dry-run", "--json", "--all", "192.0.2.1"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(
      ran.out,
      "{\"dst\":\"192.0.2.1\",\"instance\":\"vp1\",\"command\":\"ping -c 2 192.0.2.1\","
      "\"version\":\"20211212\",\"packets\":\"2\",\"packets_max\":\"2\",\"duration\":\"1s\"}\n"
      "{\"instance\":\"vp1\",\"pps\":20,\"tasks\":\"1\",\"packets\":\"2\","
      "\"packets_max\":\"2\",\"duration\":\"1.500s\"}\n");
  EXPECT_TRUE(request_.all_instances());
}

TEST_F(ExplainCommandTest, AnErrorOfTheCallIsTold) {
  server_.explain = [](const v1::ExplainRequest&, grpc::ServerWriter<v1::ExplainResponse>*) {
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "name one");
  };
  const Ran ran = RunCli(server_.address(), {"ping", "--dry-run", "192.0.2.1"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("name one"));
}

TEST_F(ExplainCommandTest, RecordsCannotBeWrittenOfADryRun) {
  EXPECT_EQ(RunCli(server_.address(), {"ping", "--dry-run", "--warts", "x", "192.0.2.1"}).code,
            kUsageError);
}

}  // namespace
}  // namespace scamper::cli
