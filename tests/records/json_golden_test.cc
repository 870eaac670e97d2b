// SPDX-License-Identifier: Apache-2.0
// JSON lines of records of real daemons against those of scamper's own tool.
#include <ctime>
#include <map>
#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "server/records/json.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

constexpr const char* kJsonTypes[] = {"ping", "trace"};

class JsonGoldenTest : public testing::Test {
 protected:
  JsonGoldenTest() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
};

// All lines of a file.
std::string JsonOf(const std::string& file, bool scamper_quirks) {
  std::map<uint32_t, v1::List> lists;
  std::map<uint32_t, v1::Cycle> cycles;
  std::string out;
  for (const std::string& bytes : SplitRecords(file)) {
    const v1::Record record = ReadOk(bytes);
    JsonContext context;
    context.scamper_quirks = scamper_quirks;
    const auto use_cycle = [&](uint32_t id) {
      context.cycle = cycles.contains(id) ? &cycles[id] : nullptr;
      if (context.cycle != nullptr) context.list = &lists[context.cycle->list_id()];
    };
    if (record.has_list()) lists[record.list().warts_id()] = record.list();
    for (const v1::Cycle* cycle : {&record.cycle_start(), &record.cycle_definition()}) {
      if (cycle->has_warts_id()) cycles[cycle->warts_id()] = *cycle;
      if (cycle->has_warts_id()) use_cycle(cycle->warts_id());
    }
    if (record.has_cycle_stop()) use_cycle(record.cycle_stop().cycle_id());
    const uint32_t list = record.has_trace() ? record.trace().list_id() : record.ping().list_id();
    if (list != 0) context.list = &lists[list];
    AppendJson(record, context, &out);
  }
  return out;
}

TEST_F(JsonGoldenTest, WithQuirksLinesAreThoseOfScampersOwnTool) {
  for (const char* version : kVersions) {
    for (const char* type : kJsonTypes) {
      EXPECT_EQ(JsonOf(ReadRecording(version, absl::StrCat(type, ".warts")), true),
                ReadRecording(version, absl::StrCat(type, ".json")))
          << version;
    }
  }
}

TEST_F(JsonGoldenTest, WithoutQuirksOnlyTheFaultsOfTheToolDiffer) {
  for (const char* version : kVersions) {
    for (const char* type : kJsonTypes) {
      const std::string expected =
          absl::StrReplaceAll(ReadRecording(version, absl::StrCat(type, ".json")),
                              {{"icmp_nhmtu:\"", "icmp_nhmtu\""}, {"\"\"", "\",\""}});
      EXPECT_EQ(JsonOf(ReadRecording(version, absl::StrCat(type, ".warts")), false), expected)
          << version;
    }
  }
}

bool IsJson(const std::string& line) {
  google::protobuf::Struct parsed;
  return google::protobuf::util::JsonStringToMessage(line, &parsed).ok();
}

std::string Line(const v1::Record& record, const JsonContext& context) {
  std::string out;
  EXPECT_TRUE(AppendJson(ReadOk(WriteOk(record)), context, &out));
  return out;
}

v1::Record APing() {
  v1::Record record;
  record.mutable_ping()->set_src("192.0.2.1");
  record.mutable_ping()->set_dst("192.0.2.2");
  return record;
}

TEST_F(JsonGoldenTest, LongPayloadIsCutInWholeBytesWithQuirksAndWholeWithout) {
  JsonContext quirks;
  quirks.scamper_quirks = true;
  v1::Record record = APing();
  record.mutable_ping()->set_data(std::string(600, '\xab'));
  // The digits begin at an even place, then at an odd one.
  for (const uint32_t userid : {1, 10}) {
    record.mutable_ping()->set_userid(userid);
    const std::string whole = Line(record, {});
    EXPECT_TRUE(IsJson(whole)) << whole;
    const std::string cut = Line(record, quirks);
    const size_t digits = cut.find("ababab");
    const size_t header = cut.find(",\"responses\"");
    EXPECT_EQ(header, 1023u);
    EXPECT_EQ(cut[header - 1], (header - digits) % 2 == 0 ? 'b' : '"') << cut;
    EXPECT_EQ(whole.substr(whole.find(",\"responses\"")), cut.substr(header));
  }
}

TEST_F(JsonGoldenTest, TextBeyondAsciiIsCutWithQuirksAndEscapedWithout) {
  v1::Record record = APing();
  record.mutable_ping()->set_errmsg("a\"b\\c\xc3\xa9\n!");
  JsonContext context;
  EXPECT_THAT(Line(record, context), testing::HasSubstr(R"("errmsg":"a\"b\\c)"
                                                        "\xc3\xa9"
                                                        R"(\u000a!")"));
  EXPECT_TRUE(IsJson(Line(record, context)));
  context.scamper_quirks = true;
  EXPECT_THAT(Line(record, context), testing::HasSubstr(R"("errmsg":"a\"b\\c",)"));
}

TEST_F(JsonGoldenTest, MonitorAndListNameComeFromTheContext) {
  v1::List list;
  list.set_name("a \"list\"");
  list.set_monitor("vp1");
  v1::Cycle cycle;
  cycle.set_id(7);
  cycle.set_hostname("host");
  JsonContext context;
  context.list = &list;
  context.cycle = &cycle;
  EXPECT_THAT(Line(APing(), context), testing::HasSubstr(",\"monitor\":\"vp1\",\"responses\""));
  v1::Record stop;
  stop.mutable_cycle_stop()->set_cycle_id(1);
  stop.mutable_cycle_stop()->mutable_stop()->set_seconds(12);
  EXPECT_EQ(Line(stop, context),
            "{\"type\":\"cycle-stop\", \"list_name\":\"a \\\"list\\\"\", \"id\":7, "
            "\"hostname\":\"host\", "
            "\"stop_time\":12}\n");
  context.scamper_quirks = true;
  EXPECT_EQ(
      Line(stop, context),
      "{\"type\":\"cycle-stop\", \"list_name\":\"a \"list\"\", \"id\":7, \"hostname\":\"host\", "
      "\"stop_time\":12}\n");
}

TEST_F(JsonGoldenTest, TypesWithoutAFormHaveNoLine) {
  v1::Record record;
  record.mutable_list()->set_name("x");
  std::string out = "before";
  EXPECT_FALSE(AppendJson(record, {}, &out));
  EXPECT_FALSE(AppendJson(v1::Record(), {}, &out));
  EXPECT_EQ(out, "before");
}

}  // namespace
}  // namespace scamper::records
