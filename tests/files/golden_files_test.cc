// SPDX-License-Identifier: Apache-2.0
// Every recording through every conversion. TYPE.json and TYPE.txt beside a recording are what
// scamper's own tools print, TYPE.default.json is what we print by default (scripts/golden).
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "server/files/convert.h"
#include "server/io/string_io.h"
#include "tests/files/files_testing.h"
#include "tests/records/json_lines.h"

namespace scamper::files {
namespace {

using testing::StartsWith;

std::string ConvertTo(const std::string& file, const OutputKind& output, bool recover = false) {
  std::string out;
  Totals totals;
  InputOptions input;
  input.recover = recover;
  const absl::Status status =
      Convert(std::make_unique<DribblingSource>(file, 4096), input,
              std::make_unique<io::StringSink>(&out), output, nullptr, &totals);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(totals.regions_skipped, 0u);
  return out;
}

class GoldenFilesTest : public testing::TestWithParam<records::Recording> {
 protected:
  GoldenFilesTest() { records::UseUtc(); }

  std::string Read(const std::string& suffix) const {
    return ReadRecording(GetParam().version, absl::StrCat(GetParam().type, ".", suffix));
  }
};

TEST_P(GoldenFilesTest, TextIsThatOfScampersOwnTool) {
  EXPECT_EQ(ConvertTo(Read("warts"), {Format::kText}), Read("txt"));
}

// Midarest and midardisc stop the tool; we go on.
TEST_P(GoldenFilesTest, ScamperJsonIsThatOfScampersOwnTool) {
  const std::string json = ConvertTo(Read("warts"), {Format::kJson, io::Compression::kNone, true});
  if (absl::string_view(GetParam().type) == "dealias") {
    EXPECT_THAT(json, StartsWith(Read("json")));
    EXPECT_EQ(json.find("\"midar"), std::string::npos);
    EXPECT_THAT(json, testing::EndsWith("}\n"));
  } else {
    EXPECT_EQ(json, Read("json"));
  }
}

TEST_P(GoldenFilesTest, DefaultJsonIsAsItWas) {
  EXPECT_EQ(ConvertTo(Read("warts"), {Format::kJson}), Read("default.json"));
}

// One line for each record but lists and cycle definitions, and each is JSON.
TEST_P(GoldenFilesTest, DefaultJsonHasEveryMeasurement) {
  size_t expected = 0;
  for (const std::string& bytes : SplitRecords(Read("warts"))) {
    const v1::Record record = records::ReadOk(bytes);
    if (!record.has_list() && !record.has_cycle_definition()) ++expected;
  }
  const std::vector<std::string> lines =
      absl::StrSplit(ConvertTo(Read("warts"), {Format::kJson}), '\n', absl::SkipEmpty());
  EXPECT_EQ(lines.size(), expected);
  for (const std::string& line : lines) {
    google::protobuf::Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &parsed).ok()) << line;
  }
}

// With recovery the records are decoded and written again.
TEST_P(GoldenFilesTest, WartsWrittenAgainIsTheSame) {
  EXPECT_TRUE(ConvertTo(Read("warts"), {}, true) == Read("warts"));
}

std::string NameOf(const testing::TestParamInfo<records::Recording>& info) {
  return absl::StrCat(info.param.type, info.param.version);
}

INSTANTIATE_TEST_SUITE_P(AllRecordings, GoldenFilesTest, testing::ValuesIn(records::kRecordings),
                         NameOf);

}  // namespace
}  // namespace scamper::files
