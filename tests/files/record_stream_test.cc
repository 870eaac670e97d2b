// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_stream.h"

#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(RecordStreamTest, EveryRecordOfARecordingIsDeliveredInOrder) {
  const std::string file = ReadRecording("20260420", "trace.warts");
  for (const size_t step : {1, 7, 100000}) {
    const Result result = ReadAll(std::make_unique<DribblingSource>(file, step));
    EXPECT_TRUE(result.end.ok()) << result.end;
    EXPECT_EQ(result.records, SplitRecords(file));
  }
}

TEST(RecordStreamTest, EmptyFileIsACleanEnd) {
  const Result result = ReadAll("");
  EXPECT_TRUE(result.end.ok());
  EXPECT_TRUE(result.records.empty());
}

TEST(RecordStreamTest, PlaceAndDefinitionsComeWithTheRecord) {
  const std::string list = AList(1, "default");
  const std::string cycle = ACycle(1, 1, 7);
  RecordStream stream(std::make_unique<DribblingSource>(list + cycle + APing(1, 1)), {});
  ASSERT_TRUE(stream.Next().ok());
  const auto second = stream.Next();
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->list->name(), "default");
  EXPECT_EQ((*second)->cycle->id(), 7u);
  const auto third = stream.Next();
  ASSERT_TRUE(third.ok());
  EXPECT_EQ((*third)->offset, list.size() + cycle.size());
  EXPECT_EQ((*third)->index, 2u);
  EXPECT_EQ((*third)->type, 7u);
  EXPECT_EQ((*third)->list->name(), "default");
  EXPECT_EQ((*third)->cycle->id(), 7u);
  EXPECT_EQ((*third)->cycle_list, (*third)->list);
}

TEST(RecordStreamTest, StoppedCycleAndIdsOutOfSequenceAreResolved) {
  const std::string file = AList(9, "nine") + AList(4, "four") + ACycle(77, 9, 5) + ACycleStop(77) +
                           APing(4, 77) + APing(3, 3);
  RecordStream stream(std::make_unique<DribblingSource>(file), {});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream.Next().ok());
  const auto stop = stream.Next();
  ASSERT_TRUE(stop.ok());
  EXPECT_EQ((*stop)->cycle->id(), 5u);
  EXPECT_EQ((*stop)->list->name(), "nine");
  const auto ping = stream.Next();
  ASSERT_TRUE(ping.ok());
  EXPECT_EQ((*ping)->list->name(), "four");
  EXPECT_EQ((*ping)->cycle->id(), 5u);
  EXPECT_EQ((*ping)->cycle_list->name(), "nine");
  const auto dangling = stream.Next();
  ASSERT_TRUE(dangling.ok());
  EXPECT_EQ((*dangling)->list, nullptr);
  EXPECT_EQ((*dangling)->cycle, nullptr);
}

TEST(RecordStreamTest, AddressRecordsAreKnownToRecordsThatFollow) {
  v1::Record address;
  address.mutable_address()->set_check(1);
  address.mutable_address()->set_addr("192.0.2.9");
  // Flag 4 is the destination as the number of an address.
  const std::string ping = RecordOf(7, records::Bytes("08 0004 00000001 0000"));
  StreamOptions options;
  options.types = {7};
  RecordStream stream(std::make_unique<DribblingSource>(WriteOk(address) + ping), options);
  const auto record = stream.Next();
  ASSERT_TRUE(record.ok()) << record.status();
  ASSERT_NE(*record, nullptr);
  EXPECT_EQ((*record)->record->ping().dst(), "192.0.2.9");
}

TEST(RecordStreamTest, AddressRecordOutOfSequenceIsDamage) {
  v1::Record address;
  address.mutable_address()->set_check(2);
  address.mutable_address()->set_addr("192.0.2.9");
  EXPECT_EQ(
      ReadAll(WriteOk(address)).end,
      absl::DataLossError("byte 0, record 0, type 5: address record, check: expected 1, found 2"));
}

TEST(RecordStreamTest, FilterSkipsWithoutDecodingAndKeepsDefinitionsKnown) {
  const std::string malformed_trace = RecordOf(6, "\xff\xff\xff");
  const std::string list = AList(1, "default");
  const std::string ping = APing(1, 0);
  StreamOptions options;
  options.types = {7};
  EXPECT_THAT(ReadAll(list + malformed_trace + ping, options).records, ElementsAre(ping));
  RecordStream stream(std::make_unique<DribblingSource>(list + malformed_trace + ping), options);
  const auto record = stream.Next();
  ASSERT_TRUE(record.ok());
  EXPECT_EQ((*record)->list->name(), "default");
  EXPECT_EQ((*record)->index, 2u);
  options.keep_definitions = true;
  EXPECT_THAT(ReadAll(list + malformed_trace + ping, options).records, ElementsAre(list, ping));
}

TEST(RecordStreamTest, WithoutDecodingOnlyTheFramingCounts) {
  const std::string malformed_trace = RecordOf(6, "\xff\xff\xff");
  StreamOptions options;
  options.decode = false;
  EXPECT_THAT(ReadAll(malformed_trace + APing(0, 0), options).records,
              ElementsAre(malformed_trace, APing(0, 0)));
}

TEST(RecordStreamTest, TruncationAtEveryByteGivesAllWholeRecordsAndThenTheError) {
  const std::string first = AList(1, "default");
  const std::string file = first + APing(1, 0);
  for (const bool filtered : {false, true}) {
    StreamOptions options;
    if (filtered) options.types = {1};
    for (size_t cut = 1; cut < file.size(); ++cut) {
      const Result result = ReadAll(file.substr(0, cut), options);
      EXPECT_EQ(result.records.size(), cut >= first.size() ? 1u : 0u) << cut;
      if (cut == first.size()) {
        EXPECT_TRUE(result.end.ok()) << result.end;
        continue;
      }
      EXPECT_EQ(result.end.code(), absl::StatusCode::kDataLoss) << cut;
      const size_t start = cut < first.size() ? 0 : first.size();
      EXPECT_THAT(std::string(result.end.message()),
                  HasSubstr(absl::StrCat("byte ", start, ", record ")));
      const size_t found = cut - start;
      EXPECT_THAT(std::string(result.end.message()),
                  HasSubstr(absl::StrCat("found ", found < 8 ? found : found - 8)));
    }
  }
}

TEST(RecordStreamTest, BadMagicSaysWhereAndWhatWasFound) {
  const std::string ping = APing(0, 0);
  const Result result = ReadAll(ping + "\xab\xcd" + ping);
  EXPECT_EQ(result.records.size(), 1u);
  EXPECT_EQ(result.end, absl::DataLossError(absl::StrCat(
                            "byte ", ping.size(),
                            ", record 1: expected a header that starts with 12 05, found ab cd")));
}

TEST(RecordStreamTest, MalformedBodySaysWhereAndWhatWasExpected) {
  const std::string ping = APing(0, 0);
  const Result result = ReadAll(ping + RecordOf(6, "\xff\xff\xff"));
  EXPECT_EQ(result.end.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(result.end.message()),
              HasSubstr(absl::StrCat("byte ", ping.size(), ", record 1, type 6: ")));
  EXPECT_THAT(std::string(result.end.message()), HasSubstr("expected"));
}

TEST(RecordStreamTest, HugeLengthIsNotAllocatedBeforeTheInputSuppliesIt) {
  std::string file = RecordOf(7, "");
  file.replace(4, 4, std::string("\x03\xff\xff\xff", 4));
  auto source = std::make_unique<DribblingSource>(file + std::string(1000, 'x'), 1000);
  DribblingSource* seen = source.get();
  RecordStream stream(std::move(source), {});
  EXPECT_EQ(stream.Next().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_LE(seen->largest(), size_t{1} << 20);
}

TEST(RecordStreamTest, LengthBeyondTheLimitIsDamage) {
  StreamOptions options;
  options.max_body = 10;
  const Result result =
      ReadAll(RecordOf(99, std::string(10, 'x')) + RecordOf(99, std::string(11, 'x')), options);
  EXPECT_EQ(result.records.size(), 1u);
  EXPECT_THAT(std::string(result.end.message()), HasSubstr("at most 10 bytes, the header says 11"));
}

TEST(RecordStreamTest, RecordLargerThanABlockIsDeliveredWhole) {
  const std::string large = RecordOf(99, std::string(3000000, 'x'));
  const std::string file = APing(0, 0) + large + APing(0, 0);
  EXPECT_THAT(ReadAll(std::make_unique<DribblingSource>(file, 70000)).records,
              ElementsAre(APing(0, 0), large, APing(0, 0)));
}

TEST(RecordStreamTest, ErrorOfTheSourceKeepsItsCodeAndComesBehindTheWholeRecords) {
  const std::string ping = APing(0, 0);
  for (const absl::Status& error :
       {absl::UnavailableError("gone"), absl::DataLossError("bad block")}) {
    for (const bool recover : {false, true}) {
      StreamOptions options;
      options.recover = recover;
      const Result result =
          ReadAll(std::make_unique<DribblingSource>(ping + ping.substr(0, 12), 7, error), options);
      EXPECT_THAT(result.records, ElementsAre(ping));
      if (recover && error.code() == absl::StatusCode::kDataLoss) {
        EXPECT_TRUE(result.end.ok()) << result.end;
        ASSERT_FALSE(result.skipped.empty());
        EXPECT_THAT(result.skipped[0].why, HasSubstr("bad block"));
        continue;
      }
      EXPECT_EQ(result.end.code(), error.code());
      EXPECT_THAT(std::string(result.end.message()), HasSubstr(std::string(error.message())));
    }
  }
}

}  // namespace
}  // namespace scamper::files
