// SPDX-License-Identifier: Apache-2.0
// Every recording, cut at every byte and with every byte changed, read as a file.
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

// What the source was asked for at a time, at most: no word of a header is trusted.
constexpr size_t kMostRoom = size_t{1} << 20;

Result ReadChecked(const std::string& file, const StreamOptions& options) {
  auto source = std::make_unique<DribblingSource>(file, file.size());
  const DribblingSource& seen = *source;
  Result result;
  StreamOptions checked = options;
  checked.on_skipped = [&](const SkippedRegion& region) { result.skipped.push_back(region); };
  RecordStream stream(std::move(source), std::move(checked));
  while (true) {
    const auto record = stream.Next();
    result.end = record.status();
    if (!record.ok() || *record == nullptr) break;
    result.records.emplace_back((*record)->bytes);
  }
  EXPECT_LE(seen.largest(), kMostRoom);
  return result;
}

TEST(DamagedFilesTest, CutAnywhereGivesAllWholeRecordsBeforeTheCut) {
  for (const records::Recording& r : records::kRecordings) {
    SCOPED_TRACE(absl::StrCat(r.version, " ", r.type));
    const std::string file = ReadRecording(r.version, absl::StrCat(r.type, ".warts"));
    const std::vector<std::string> records = SplitRecords(file);
    size_t whole = 0;
    size_t end = 0;  // Of the whole records.
    for (size_t cut = 0; cut < file.size(); ++cut) {
      while (whole < records.size() && end + records[whole].size() <= cut)
        end += records[whole++].size();
      const Result result = ReadChecked(file.substr(0, cut), {});
      ASSERT_EQ(result.records.size(), whole) << cut;
      ASSERT_EQ(result.end.code(), cut == end ? absl::StatusCode::kOk : absl::StatusCode::kDataLoss)
          << cut;
      ASSERT_TRUE(std::equal(result.records.begin(), result.records.end(), records.begin()));
    }
  }
}

// Parts of a file that are not much longer than its longest record.
std::vector<std::string> Parts(const std::string& file) {
  constexpr size_t kLong = 2000;
  std::vector<std::string> parts;
  for (const std::string& record : SplitRecords(file)) {
    if (parts.empty() || parts.back().size() > kLong) parts.emplace_back();
    parts.back() += record;
  }
  return parts;
}

// All is either delivered or reported.
void ExpectAccounted(const std::string& file, const Result& result) {
  EXPECT_TRUE(result.end.ok()) << result.end;
  size_t total = 0;
  for (const std::string& record : result.records) total += record.size();
  for (const SkippedRegion& region : result.skipped) total += region.length;
  EXPECT_EQ(total, file.size());
}

TEST(DamagedFilesTest, ChangedAnywhereItIsReadToItsEnd) {
  constexpr int kFlips[] = {0x01, 0x80, 0xff};
  for (const records::Recording& r : records::kRecordings) {
    SCOPED_TRACE(absl::StrCat(r.version, " ", r.type));
    for (const std::string& part :
         Parts(ReadRecording(r.version, absl::StrCat(r.type, ".warts")))) {
      const std::vector<std::string> records = SplitRecords(part);
      size_t index = 0;
      size_t end = records[0].size();
      for (size_t at = 0; at < part.size(); ++at) {
        if (at == end) end += records[++index].size();
        std::string damaged = part;
        damaged[at] = static_cast<char>(damaged[at] ^ kFlips[at % std::size(kFlips)]);
        const Result strict = ReadChecked(damaged, {});
        ASSERT_GE(strict.records.size(), index) << at;
        const Result result = ReadChecked(damaged, Recovering());
        ExpectAccounted(damaged, result);
        // No other record is lost.
        ASSERT_GE(result.records.size() + 1, records.size()) << at;
      }
    }
  }
}

}  // namespace
}  // namespace scamper::files
