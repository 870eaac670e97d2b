// SPDX-License-Identifier: Apache-2.0
#include "server/files/convert.h"

#include <cstdlib>
#include <ctime>

#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "server/io/callback_io.h"
#include "server/io/open.h"
#include "server/io/string_io.h"
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

using io::Compression;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// All that a conversion gives.
struct Converted {
  absl::Status status;
  std::string out;
  bool closed = false;
  Totals totals;
};

Converted ConvertAll(std::unique_ptr<io::ByteSource> source, const OutputKind& output,
                     const InputOptions& input = {}, const Going& going = nullptr) {
  Converted result;
  auto sink = std::make_unique<io::CallbackSink>(
      [&](absl::string_view chunk) {
        result.out.append(chunk.data(), chunk.size());
        return absl::OkStatus();
      },
      [&] {
        result.closed = true;
        return absl::OkStatus();
      });
  result.status = Convert(std::move(source), input, std::move(sink), output, going, &result.totals);
  return result;
}

Converted ConvertAll(const std::string& file, const OutputKind& output,
                     const InputOptions& input = {}) {
  return ConvertAll(std::make_unique<DribblingSource>(file, 1000), output, input);
}

std::string Compressed(Compression compression, const std::string& bytes) {
  std::string out;
  auto sink = io::Compress(compression, std::make_unique<io::StringSink>(&out));
  EXPECT_TRUE(sink->Write(bytes).ok());
  EXPECT_TRUE(sink->Close().ok());
  return out;
}

constexpr Compression kCompressions[] = {Compression::kNone, Compression::kGzip,
                                         Compression::kBzip2, Compression::kXz};

TEST(ConvertTest, EveryRecordingStaysAsItIsWhateverTheCompression) {
  for (const records::Recording& r : records::kRecordings) {
    const std::string file = ReadRecording(r.version, absl::StrCat(r.type, ".warts"));
    for (const Compression from : kCompressions) {
      const std::string in = Compressed(from, file);
      const Converted plain = ConvertAll(in, {});
      EXPECT_TRUE(plain.status.ok()) << plain.status;
      EXPECT_TRUE(plain.out == file) << r.version << " " << r.type;
      EXPECT_EQ(plain.totals.records, SplitRecords(file).size());
      EXPECT_EQ(plain.totals.bytes_in, in.size());
      EXPECT_EQ(plain.totals.bytes_out, file.size());
    }
  }
}

TEST(ConvertTest, OutputIsCompressedAsAsked) {
  const std::string file = ReadRecording("20260420", "ping.warts");
  for (const Compression to : kCompressions) {
    const Converted there = ConvertAll(file, {Format::kWarts, to});
    EXPECT_EQ(io::CompressionOfBytes(there.out), to);
    EXPECT_EQ(there.totals.bytes_out, there.out.size());
    EXPECT_TRUE(ConvertAll(there.out, {}).out == file);
  }
}

TEST(ConvertTest, JsonAndTextAreThoseOfScampersOwnTools) {
  setenv("TZ", "UTC", 1);
  tzset();
  const std::string file = ReadRecording("20260420", "trace.warts");
  EXPECT_EQ(ConvertAll(file, {Format::kJson, Compression::kNone, true}).out,
            ReadRecording("20260420", "trace.json"));
  EXPECT_EQ(ConvertAll(file, {Format::kText}).out, ReadRecording("20260420", "trace.txt"));
}

TEST(ConvertTest, ProtobufIsEachRecordWithItsPlaceAndWhatItWasRecordedUnder) {
  const std::string file = AList(1, "list") + ACycle(1, 1, 5) + APing(1, 1, 77);
  const Converted result = ConvertAll(file, {Format::kProtobuf});
  EXPECT_TRUE(result.status.ok()) << result.status;
  google::protobuf::io::ArrayInputStream in(result.out.data(), static_cast<int>(result.out.size()));
  std::vector<v1::FileRecord> records(3);
  for (v1::FileRecord& record : records) {
    ASSERT_TRUE(google::protobuf::util::ParseDelimitedFromZeroCopyStream(&record, &in, nullptr));
  }
  EXPECT_EQ(in.ByteCount(), static_cast<int64_t>(result.out.size()));
  EXPECT_EQ(records[2].index(), 2u);
  EXPECT_EQ(records[2].offset(), file.size() - APing(1, 1, 77).size());
  EXPECT_EQ(records[2].record().ping().userid(), 77u);
  EXPECT_EQ(records[2].list().name(), "list");
  EXPECT_EQ(records[2].cycle().id(), 5u);
  EXPECT_FALSE(records[2].has_warts());
  EXPECT_FALSE(records[0].has_cycle());
}

TEST(ConvertTest, CopyKeepsBodiesThatCannotBeReadAndNumbersOutOfSequence) {
  const std::string file = AList(9, "nine") + RecordOf(6, "\xff\xff\xff") + APing(9, 4);
  const Converted result = ConvertAll(file, {});
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.out, file);
}

TEST(ConvertTest, FilterKeepsDefinitionsInWartsAndCountsThemNot) {
  const std::string file = AList(1, "list") + ACycle(1, 1, 5) + RecordOf(99, "other") +
                           APing(1, 1) + RecordOf(6, "\xff\xff\xff") + ACycleStop(1);
  InputOptions input;
  input.types = {7};
  const Converted result = ConvertAll(file, {}, input);
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.out, AList(1, "list") + ACycle(1, 1, 5) + APing(1, 1) + ACycleStop(1));
  EXPECT_EQ(result.totals.records, 1u);
  EXPECT_THAT(result.totals.records_by_type, ElementsAre(Pair(7, 1)));
}

TEST(ConvertTest, FilterLeavesOthersOutOfText) {
  const std::string file = RecordOf(6, "\xff\xff\xff") + APing(0, 0);
  InputOptions input;
  input.types = {7};
  const Converted result = ConvertAll(file, {Format::kJson}, input);
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.out, HasSubstr("\"type\":\"ping\""));
}

TEST(ConvertTest, AfterDamageAllBeforeItIsWrittenAndTheOutputIsWhole) {
  const std::string file = APing(0, 0) + "rubbish";
  const Converted result = ConvertAll(file, {Format::kWarts, Compression::kGzip});
  EXPECT_EQ(result.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(result.closed);
  EXPECT_EQ(ConvertAll(result.out, {}).out, APing(0, 0));
  EXPECT_EQ(result.totals.records, 1u);
}

TEST(ConvertTest, TruncatedCompressionGivesWhatCameBeforeTheCut) {
  std::string file;
  for (uint32_t i = 0; i < 5000; ++i) file += APing(0, 0, i);
  for (const Compression from : {Compression::kGzip, Compression::kBzip2, Compression::kXz}) {
    const std::string in = Compressed(from, file);
    for (const size_t size : {size_t{3}, size_t{8}, in.size() / 2, in.size() - 1}) {
      const Converted result = ConvertAll(in.substr(0, size), {});
      if (size < 6 && from == Compression::kXz) {  // Too short to be known as xz.
        EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument);
        continue;
      }
      EXPECT_EQ(result.status.code(), absl::StatusCode::kDataLoss) << size;
      EXPECT_TRUE(result.closed);
      EXPECT_EQ(result.out, file.substr(0, result.out.size()));
    }
  }
}

// The list of number 2 is lost: numbers are given anew, and what named it names none.
TEST(ConvertTest, RecoveredWartsIsAFileThatIsRight) {
  std::string lost = AList(2, "lost");
  lost[0] = 'x';
  const std::string file = AList(1, "a") + lost + AList(3, "c") + APing(2, 0) + APing(3, 0);
  std::vector<SkippedRegion> skipped;
  InputOptions input;
  input.recover = true;
  input.on_skipped = [&](const SkippedRegion& region) { skipped.push_back(region); };
  const Converted result = ConvertAll(file, {}, input);
  EXPECT_TRUE(result.status.ok()) << result.status;
  v1::Record none = records::ReadOk(APing(1, 0));
  none.mutable_ping()->set_list_id(0);
  EXPECT_EQ(result.out, AList(1, "a") + AList(2, "c") + WriteOk(none) + APing(2, 0));
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_EQ(skipped[0].offset, AList(1, "a").size());
  EXPECT_EQ(result.totals.regions_skipped, 1u);
  EXPECT_EQ(result.totals.bytes_skipped, lost.size());
  EXPECT_EQ(result.totals.records, 4u);
}

TEST(ConvertTest, RecoveryOfAWholeFileOfTheNewestScamperChangesNothing) {
  InputOptions input;
  input.recover = true;
  const std::string file = ReadRecording("20260420", "trace.warts");
  EXPECT_TRUE(ConvertAll(file, {}, input).out == file);
}

TEST(ConvertTest, RecoveryReportsWhatCannotBeDecompressed) {
  InputOptions input;
  input.recover = true;
  const Converted result = ConvertAll(std::string("\x1f\x8b\x08", 3), {}, input);
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.totals.regions_skipped, 1u);
}

TEST(ConvertTest, EmptyInputIsAFileWithoutRecords) {
  const Converted result = ConvertAll("", {Format::kJson});
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_TRUE(result.closed);
  EXPECT_EQ(result.out, "");
}

TEST(ConvertTest, ContentOfNoKindIsAnErrorUnlessToldOrSearched) {
  const std::string file = "rubbish" + APing(0, 0);
  const Converted refused = ConvertAll(file, {});
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("no known kind"));
  InputOptions told;
  told.kind = InputKind::kWarts;
  EXPECT_EQ(ConvertAll(file, {}, told).status.code(), absl::StatusCode::kDataLoss);
  InputOptions searched;
  searched.recover = true;
  EXPECT_EQ(ConvertAll(file, {}, searched).out, APing(0, 0));
}

TEST(ConvertTest, GoingThatSaysNoStopsAndAbandonsTheOutput) {
  std::string file;
  for (uint32_t i = 0; i < 1000; ++i) file += APing(0, 0, i);
  int calls = 0;
  const Converted result = ConvertAll(std::make_unique<DribblingSource>(file, 100), {}, {},
                                      [&] { return ++calls <= 50; });
  EXPECT_EQ(result.status.code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(result.closed);
  EXPECT_LT(result.totals.bytes_in, file.size());
}

TEST(ConvertTest, ErrorOfTheSourceIsReturnedAndTheOutputAbandoned) {
  const Converted result = ConvertAll(
      std::make_unique<DribblingSource>(APing(0, 0), 7, absl::UnavailableError("gone")), {});
  EXPECT_EQ(result.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(result.closed);
}

TEST(ConvertTest, ErrorOfTheSinkEndsTheConversionWhateverItsCode) {
  std::string file;
  while (file.size() < 3000000) file += APing(0, 0);
  for (const absl::Status& error :
       {absl::ResourceExhaustedError("full"), absl::InvalidArgumentError("odd")}) {
    for (const Compression compression : {Compression::kNone, Compression::kGzip}) {
      auto source = std::make_unique<DribblingSource>(file, 1000);
      Totals totals;
      const absl::Status status =
          Convert(std::move(source), {},
                  std::make_unique<io::CallbackSink>([&](absl::string_view) { return error; }),
                  {Format::kJson, compression}, nullptr, &totals);
      EXPECT_EQ(status, error);
      EXPECT_LT(totals.bytes_in, file.size());
      EXPECT_EQ(totals.bytes_out, 0u);
    }
  }
}

}  // namespace
}  // namespace scamper::files
