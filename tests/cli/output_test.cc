// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "client/cli/human_output.h"
#include "client/cli/json_output.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "server/records/registry.h"
#include "tests/cli/fake_server.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

v1::Result ResultOf(const std::string& dst) { return PingResult("vp1", 0, dst).result(); }

TEST(HumanOutputTest, ResultsAreTheTextOfTheirRecordsWithABlankLineBetween) {
  std::ostringstream out, err;
  HumanOutput output(out, err, false);
  output.Result(ResultOf("192.0.2.1"), "192.0.2.1");
  output.Result(ResultOf("192.0.2.2"), "192.0.2.2");
  const std::string first = records::Text(ResultOf("192.0.2.1").record());
  EXPECT_THAT(first, HasSubstr("192.0.2.1"));
  EXPECT_EQ(out.str(), first + "\n" + records::Text(ResultOf("192.0.2.2").record()));
  EXPECT_EQ(err.str(), "");
}

TEST(HumanOutputTest, InstancesAreNamedAboveTheirResultsWhereAsked) {
  std::ostringstream out, err;
  HumanOutput(out, err, true).Result(ResultOf("192.0.2.1"), "192.0.2.1");
  EXPECT_THAT(out.str(), StartsWith("vp1:\n"));
}

TEST(HumanOutputTest, ARecordWithoutTextIsNotSilent) {
  std::ostringstream out, err;
  v1::Result result;
  result.mutable_record()->mutable_unknown()->set_type(77);
  HumanOutput(out, err, false).Result(result, "192.0.2.1");
  EXPECT_THAT(out.str(), StartsWith("192.0.2.1: "));
}

TEST(HumanOutputTest, ARecordWithoutATextOfScampersIsAJsonLine) {
  std::ostringstream out, err;
  v1::Result result;
  result.mutable_record()->mutable_sniff()->set_src("192.0.2.1");
  HumanOutput(out, err, false).Result(result, "");
  EXPECT_THAT(out.str(), StartsWith("{\"type\":\"sniff\""));
  EXPECT_EQ(out.str().find('\n'), out.str().size() - 1);
}

TEST(HumanOutputTest, AnErrorOfAMeasurementWithoutDestinationNamesTheInstance) {
  std::ostringstream out, err;
  HumanOutput(out, err, false)
      .Error(Error("vp1", 0, v1::TASK_OUTCOME_INSTANCE_LOST, "connection lost").error(), "");
  EXPECT_EQ(err.str(), "scamper-grpc: vp1: connection lost (instance-lost)\n");
}

TEST(HumanOutputTest, AnErrorNamesInstanceDestinationReasonAndOutcome) {
  std::ostringstream out, err;
  HumanOutput output(out, err, false);
  output.Error(Error("vp1", 0, v1::TASK_OUTCOME_INSTANCE_LOST, "connection lost").error(),
               "192.0.2.1");
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "scamper-grpc: vp1 192.0.2.1: connection lost (instance-lost)\n");
}

TEST(HumanOutputTest, AnErrorOfAnOutcomeThatIsNotKnownIsStillSaid) {
  std::ostringstream out, err;
  HumanOutput output(out, err, false);
  output.Error(Error("vp1", 0, static_cast<v1::TaskOutcome>(99), "").error(), "192.0.2.1");
  EXPECT_EQ(err.str(), "scamper-grpc: vp1 192.0.2.1: no result (outcome 99)\n");
}

// Reads a line back as a message of that kind; what is not of the message is ignored.
template <typename M>
M ParseLine(const std::string& line) {
  EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  M message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &message, options).ok()) << line;
  return message;
}

TEST(JsonOutputTest, AResultParsesBackAsItWas) {
  std::ostringstream out;
  JsonOutput(out).Result(ResultOf("192.0.2.1"), "192.0.2.1");
  EXPECT_THAT(out.str(), StartsWith("{\"dst\":\"192.0.2.1\",\"task\":{"));
  EXPECT_THAT(out.str(), HasSubstr("\"probe_size\":84"));
  EXPECT_EQ(ParseLine<v1::Result>(out.str()).SerializeAsString(),
            ResultOf("192.0.2.1").SerializeAsString());
}

TEST(JsonOutputTest, AnErrorParsesBackWithItsDetails) {
  v1::TaskError error = Error("vp1", 3, v1::TASK_OUTCOME_REJECTED, "line\n\"two\"").error();
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_field("ping.ttl");
  error.mutable_status()->add_details()->PackFrom(bad);
  std::ostringstream out;
  JsonOutput(out).Error(error, "192.0.2.1");
  const v1::TaskError back = ParseLine<v1::TaskError>(out.str());
  EXPECT_EQ(back.outcome(), v1::TASK_OUTCOME_REJECTED);
  EXPECT_EQ(back.status().message(), "line\n\"two\"");
  ASSERT_EQ(back.status().details_size(), 1);
  EXPECT_TRUE(back.status().details(0).Is<google::rpc::BadRequest>());
}

TEST(JsonOutputTest, DetailsOfAnUnknownTypeDoNotHideTheError) {
  v1::TaskError error = Error("vp1", 3, v1::TASK_OUTCOME_REJECTED, "why").error();
  error.mutable_status()->add_details()->set_type_url("type.googleapis.com/unknown.Type");
  error.mutable_status()->mutable_details(0)->set_value("x");
  std::ostringstream out;
  JsonOutput(out).Error(error, "192.0.2.1");
  EXPECT_EQ(ParseLine<v1::TaskError>(out.str()).status().message(), "why");
}

TEST(JsonOutputTest, WithoutDestinationThereIsNone) {
  std::ostringstream out;
  JsonOutput(out).Result(ResultOf("192.0.2.1"), "");
  EXPECT_THAT(out.str(), StartsWith("{\"task\":{"));
  out.str("");
  JsonOutput(out).Interim(ResultOf("192.0.2.1"), "");
  EXPECT_THAT(out.str(), StartsWith("{\"interim\":true,\"task\":{"));
  ParseLine<v1::Result>(out.str());
}

TEST(JsonOutputTest, ADestinationIsEscapedAndAnInterimReportIsMarked) {
  std::ostringstream out;
  JsonOutput(out).Interim(ResultOf("192.0.2.1"), "a\"b\n");
  EXPECT_THAT(out.str(), StartsWith("{\"dst\":\"a\\\"b\\n\",\"interim\":true,\"task\":{"));
  ParseLine<v1::Result>(out.str());
}

}  // namespace
}  // namespace scamper::cli
