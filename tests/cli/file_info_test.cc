// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_info.h"

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "server/records/registry.h"
#include "tests/cli/fake_files.h"
#include "tests/cli/files_testing.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::string Bytes(const v1::Record& record) { return *records::Write(record); }

v1::Record List(uint32_t warts_id, const std::string& name, const std::string& monitor) {
  v1::Record record;
  record.mutable_list()->set_warts_id(warts_id);
  record.mutable_list()->set_id(7);
  record.mutable_list()->set_name(name);
  if (!monitor.empty()) record.mutable_list()->set_monitor(monitor);
  return record;
}

v1::Record CycleStart(uint32_t warts_id, uint32_t list_id, const std::string& host) {
  v1::Record record;
  v1::Cycle* cycle = record.mutable_cycle_start();
  cycle->set_warts_id(warts_id);
  cycle->set_list_id(list_id);
  cycle->set_id(1);
  cycle->mutable_start()->set_seconds(1'700'000'000);
  cycle->set_hostname(host);
  return record;
}

v1::Record CycleStop(uint32_t warts_id) {
  v1::Record record;
  record.mutable_cycle_stop()->set_cycle_id(warts_id);
  record.mutable_cycle_stop()->mutable_stop()->set_seconds(1'700'003'600);
  return record;
}

v1::Record Ping(uint32_t list, uint32_t cycle, int64_t start) {
  v1::Record record;
  record.mutable_ping()->set_dst("192.0.2.2");
  record.mutable_ping()->set_list_id(list);
  record.mutable_ping()->set_cycle_id(cycle);
  record.mutable_ping()->mutable_start()->set_seconds(start);
  record.mutable_ping()->mutable_start()->set_nanos(250'000'000);
  return record;
}

// Two vantage points; the second is named by its host alone and goes on.
std::string TwoVantagePoints() {
  return Bytes(List(1, "default", "mon\"1")) + Bytes(CycleStart(1, 1, "host1")) +
         Bytes(Ping(1, 1, 1'700'000'010)) + Bytes(Ping(1, 1, 1'700'000'005)) + Bytes(CycleStop(1)) +
         Bytes(List(2, "other", "")) + Bytes(CycleStart(2, 2, "host2")) +
         Bytes(Ping(2, 2, 1'700'000'100));
}

FileInfo SurveyOf(const std::string& bytes) {
  return Survey(std::make_unique<io::StringSource>(bytes), files::InputKind::kDetect);
}

TEST(FileInfoTest, TextShowsWhatIsInTheFile) {
  const std::string file = TwoVantagePoints();
  const std::string zipped = Gzipped(file);
  const auto size = [](const std::string& bytes) { return std::to_string(bytes.size()); };
  EXPECT_EQ(
      InfoText("a.warts.gz", SurveyOf(zipped)),
      "a.warts.gz\n"
      "  kind            warts, gzip\n"
      "  size            " +
          size(zipped) + " bytes, " + size(file) +
          " decompressed\n"
          "  records         8\n"
          "    list         2\n"
          "    cycle-start  2\n"
          "    cycle-stop   1\n"
          "    ping         3\n"
          "  time            2023-11-14 22:13:25 to 2023-11-14 22:15:00 UTC (1m35s)\n"
          "  vantage points\n"
          "    MONITOR  HOST   LIST         CYCLE  START                STOP                 "
          "RECORDS\n"
          "    -        host2  other (7)    1      2023-11-14 22:13:20  -                    1\n"
          "    mon\"1    host1  default (7)  1      2023-11-14 22:13:20  2023-11-14 23:13:20  2\n"
          "  damage          none\n");
}

TEST(FileInfoTest, JsonHasTheSame) {
  const std::string json = InfoJson("a", SurveyOf(TwoVantagePoints()));
  google::protobuf::Struct parsed;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  const auto& fields = parsed.fields();
  EXPECT_EQ(fields.at("file").string_value(), "a");
  EXPECT_EQ(fields.at("kind").string_value(), "warts");
  EXPECT_EQ(fields.at("compression").string_value(), "none");
  EXPECT_EQ(fields.at("records").number_value(), 8);
  EXPECT_EQ(fields.at("records_by_type").struct_value().fields().at("ping").number_value(), 3);
  EXPECT_EQ(fields.at("first").string_value(), "2023-11-14T22:13:25.25Z");
  EXPECT_EQ(fields.at("last").string_value(), "2023-11-14T22:15:00.25Z");
  const auto& points = fields.at("vantage_points").list_value().values();
  ASSERT_EQ(points.size(), 2);
  const auto& point = points[1].struct_value().fields();
  EXPECT_EQ(point.at("monitor").string_value(), "mon\"1");
  EXPECT_EQ(point.at("hostname").string_value(), "host1");
  EXPECT_EQ(point.at("list_id").number_value(), 7);
  EXPECT_EQ(point.at("cycle_stop").string_value(), "2023-11-14T23:13:20Z");
  EXPECT_EQ(point.at("records").number_value(), 2);
  EXPECT_EQ(fields.at("damaged_regions").number_value(), 0);
  EXPECT_EQ(fields.at("damage").list_value().values_size(), 0);
}

TEST(FileInfoTest, EveryRecordingIsCounted) {
  const FileInfo info = SurveyOf(Recording("trace.warts") + Recording("dealias.warts"));
  EXPECT_TRUE(info.error.ok());
  EXPECT_EQ(info.regions, 0u);
  EXPECT_TRUE(info.first.has_value());
  EXPECT_LT(*info.first, *info.last);
  EXPECT_GT(info.records_by_type.at(6), 0u);
  EXPECT_GT(info.records_by_type.at(9), 0u);
  EXPECT_FALSE(info.vantage_points.empty());
}

TEST(FileInfoTest, DamageIsLeftOutAndCounted) {
  const std::string first = Bytes(List(1, "default", "mon"));
  const std::string ping = Bytes(Ping(1, 1, 1'700'000'000));
  const FileInfo info = SurveyOf(first + std::string(9, '\xee') + ping + ping.substr(0, 20));
  EXPECT_TRUE(info.error.ok());
  EXPECT_THAT(info.records_by_type, UnorderedElementsAre(Pair(1, 1), Pair(7, 1)));
  EXPECT_EQ(info.regions, 2u);
  EXPECT_EQ(info.bytes_left_out, 29u);
  EXPECT_EQ(info.decompressed, first.size() + 9 + ping.size() + 20);
  const std::string text = InfoText("a", info);
  EXPECT_THAT(text, HasSubstr("  damage          2 regions, 29 bytes\n    9 bytes at byte " +
                              std::to_string(first.size()) + ": "));
  EXPECT_THAT(InfoJson("a", info), HasSubstr("\"damage\": [{\"offset\": "));
}

TEST(FileInfoTest, ANameDoesNotControlTheTerminal) {
  const std::string file =
      Bytes(List(1, "\x1b[2J", "a\nb")) + Bytes(CycleStart(1, 1, "c")) + Bytes(CycleStop(1));
  EXPECT_THAT(InfoText("a", SurveyOf(file)), HasSubstr("    a?b      c     ?[2J (7)  1 "));
  EXPECT_THAT(InfoJson("a", SurveyOf(file)), HasSubstr("\"a\\u000ab\""));
}

TEST(FileInfoTest, AnEmptyFileHasNoRecords) {
  EXPECT_EQ(InfoText("a", SurveyOf("")),
            "a\n"
            "  kind            warts\n"
            "  size            0 bytes\n"
            "  records         0\n"
            "  damage          none\n");
}

TEST(InfoCommandTest, TellsOfEachFile) {
  const Ran ran = RunCli("", {"info", RecordingPath("ping.warts"), "-"}, true, TwoVantagePoints());
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(RecordingPath("ping.warts") + "\n  kind            warts\n"));
  EXPECT_THAT(ran.out, HasSubstr("damage          none\n\nstandard input\n"));
}

TEST(InfoCommandTest, JsonIsOneObjectALine) {
  const Ran ran =
      RunCli("", {"info", "--json", RecordingPath("ping.warts"), RecordingPath("host.warts")});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2);
  EXPECT_EQ(ran.out[0], '{');
}

TEST(InfoCommandTest, DamageIsInTheExitCode) {
  const Ran ran = RunCli("", {"info", "-"}, false, TwoVantagePoints() + "damage");
  EXPECT_EQ(ran.code, kDamageLeftOut);
  EXPECT_THAT(ran.out, HasSubstr("1 region, 6 bytes"));
}

TEST(InfoCommandTest, AFileWithoutAnyRecordIsAnError) {
  const Ran ran = RunCli("", {"info", "-"}, false, "some text");
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.out, HasSubstr("  kind            not known\n"));
  EXPECT_EQ(ran.err, "scamper-grpc: standard input: no record of a known kind is in it\n");
}

TEST(InfoCommandTest, AFileThatIsNotThereDoesNotKeepTheOthers) {
  const Ran ran = RunCli("", {"info", "/nonexistent/a", RecordingPath("ping.warts")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot open /nonexistent/a"));
  EXPECT_EQ(ran.out.substr(0, RecordingPath("ping.warts").size()), RecordingPath("ping.warts"));
}

TEST(InfoCommandTest, AFileOfTheStoreIsFetched) {
  FakeFiles server;
  server.stored["a"] = TwoVantagePoints();
  const Ran ran = RunCli(server.address(), {"info", "store:a"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, InfoText("store:a", SurveyOf(TwoVantagePoints())));
}

}  // namespace
}  // namespace scamper::cli
