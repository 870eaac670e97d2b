// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_sink.h"

#include <cstdlib>
#include <ctime>

#include "server/io/string_io.h"
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

// Copies the input to the sink.
template <typename NewSink>
std::string Convert(const std::string& file, NewSink new_sink, StreamOptions options = {}) {
  std::string out;
  RecordStream stream(std::make_unique<DribblingSource>(file, 4096), std::move(options));
  const std::unique_ptr<RecordSink> sink = new_sink(std::make_unique<io::StringSink>(&out));
  while (true) {
    const auto record = stream.Next();
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok() || *record == nullptr) break;
    const absl::Status status = sink->Write(**record);
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE(sink->Close().ok());
  return out;
}

std::unique_ptr<RecordSink> QuirkyJson(std::unique_ptr<io::ByteSink> sink) {
  return NewJsonSink(std::move(sink), true);
}

TEST(RecordSinkTest, RecordingGoesThroughWartsUnchanged) {
  for (const char* type : {"ping.warts", "trace.warts"}) {
    const std::string file = ReadRecording("20260420", type);
    EXPECT_TRUE(Convert(file, NewWartsSink) == file) << type;
  }
}

TEST(RecordSinkTest, CopyKeepsEveryByteAlsoOfBodiesThatAreMalformed) {
  const std::string file = AList(9, "nine") + RecordOf(6, "\xff\xff\xff") + APing(9, 0);
  StreamOptions options;
  options.decode = false;
  EXPECT_EQ(Convert(file, NewCopyingSink, options), file);
}

TEST(RecordSinkTest, JsonAndTextAreThoseOfScampersOwnTools) {
  setenv("TZ", "UTC", 1);
  tzset();
  for (const std::string type : {"ping", "trace"}) {
    const std::string file = ReadRecording("20260420", type + ".warts");
    EXPECT_EQ(Convert(file, QuirkyJson), ReadRecording("20260420", type + ".json"));
    EXPECT_EQ(Convert(file, NewTextSink), ReadRecording("20260420", type + ".txt"));
  }
}

TEST(RecordSinkTest, NumbersOutOfSequenceAreGivenAnew) {
  const std::string file = AList(9, "a") + ACycle(7, 9, 5) + APing(9, 7) + ACycleStop(7);
  EXPECT_EQ(Convert(file, NewWartsSink),
            AList(1, "a") + ACycle(1, 1, 5) + APing(1, 1) + ACycleStop(1));
}

TEST(RecordSinkTest, AddressRecordsGetTheCheckValuesOfTheirOrder) {
  v1::Record address;
  address.mutable_address()->set_addr("192.0.2.9");
  std::string out;
  const auto sink = NewWartsSink(std::make_unique<io::StringSink>(&out));
  FileRecord item;
  item.record = &address;
  for (uint32_t check : {2u, 7u}) {
    address.mutable_address()->set_check(check);
    ASSERT_TRUE(sink->Write(item).ok());
  }
  ASSERT_TRUE(sink->Close().ok());
  const Result read = ReadAll(out);
  EXPECT_TRUE(read.end.ok()) << read.end;
  ASSERT_EQ(read.records.size(), 2u);
}

TEST(RecordSinkTest, CycleThatIsNamedBehindItsStopIsDefinedAgain) {
  const std::string file = AList(1, "a") + ACycle(1, 1, 5) + APing(1, 1) + ACycleStop(1) +
                           APing(1, 1) + APing(1, 1) + ACycle(2, 1, 6) + APing(1, 2);
  EXPECT_EQ(Convert(file, NewWartsSink), AList(1, "a") + ACycle(1, 1, 5) + APing(1, 1) +
                                             ACycleStop(1) + ACycle(2, 1, 5, false) + APing(1, 2) +
                                             APing(1, 2) + ACycle(3, 1, 6) + APing(1, 3));
}

TEST(RecordSinkTest, ANumberThatIsDefinedAgainMeansAnotherList) {
  std::string file = AList(1, "a") + APing(1, 0) + APing(1, 0);
  std::string expected = file;
  for (uint32_t i = 2; i < 20; ++i) {
    file += AList(1, absl::StrCat("list", i)) + APing(1, 0);
    expected += AList(i, absl::StrCat("list", i)) + APing(i, 0);
  }
  EXPECT_EQ(Convert(file, NewWartsSink), expected);
}

TEST(RecordSinkTest, EqualListsAndCyclesAreOne) {
  const std::string file = AList(1, "a") + ACycle(1, 1, 5) + AList(2, "a") + ACycle(2, 2, 5) +
                           APing(2, 2) + AList(3, "b") + APing(3, 0);
  EXPECT_EQ(Convert(file, NewWartsSink),
            AList(1, "a") + ACycle(1, 1, 5) + APing(1, 1) + AList(2, "b") + APing(2, 0));
}

TEST(RecordSinkTest, FilteredFileHasTheDefinitionsItNeedsInFrontOfTheirFirstUse) {
  const std::string file = AList(1, "unused") + AList(2, "list") + AList(3, "of cycle") +
                           ACycle(1, 3, 5) + APing(2, 1) + APing(2, 1);
  StreamOptions options;
  options.types = {7};
  EXPECT_EQ(
      Convert(file, NewWartsSink, options),
      AList(1, "list") + AList(2, "of cycle") + ACycle(1, 2, 5, false) + APing(1, 1) + APing(1, 1));
}

TEST(RecordSinkTest, WhatIsNamedButNotKnownBecomesNone) {
  v1::Record none = records::ReadOk(APing(0, 0));
  none.mutable_ping()->set_list_id(0);
  none.mutable_ping()->set_cycle_id(0);
  EXPECT_EQ(Convert(APing(4, 4) + ACycleStop(4), NewWartsSink), WriteOk(none));
}

TEST(RecordSinkTest, RecordThatCannotBeWrittenIsRefusedAndTheRestGoesOn) {
  std::string out;
  const auto sink = NewWartsSink(std::make_unique<io::StringSink>(&out));
  v1::Record bad = records::ReadOk(APing(0, 0));
  bad.mutable_ping()->set_ttl(256);
  v1::Record good = records::ReadOk(APing(0, 0));
  FileRecord item;
  item.record = &bad;
  EXPECT_EQ(sink->Write(item).code(), absl::StatusCode::kInvalidArgument);
  item.record = &good;
  EXPECT_TRUE(sink->Write(item).ok());
  EXPECT_TRUE(sink->Close().ok());
  EXPECT_EQ(out, APing(0, 0));
}

}  // namespace
}  // namespace scamper::files
