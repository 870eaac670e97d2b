// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_writer.h"

#include "server/files/record_stream.h"
#include "server/io/callback_io.h"
#include "server/io/string_io.h"
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// A writer into a string.
class Written {
 public:
  explicit Written(const OutputKind& output = {})
      : writer_(std::make_unique<io::StringSink>(&out_), output) {}

  void Add(const v1::FileRecord& record) {
    const auto fault = writer_.Write(record);
    ASSERT_TRUE(fault.ok()) << fault.status();
    EXPECT_FALSE(fault->has_value()) << (*fault)->field << ": " << (*fault)->description;
  }

  // The field at fault, with the description behind it.
  std::string Fault(const v1::FileRecord& record) {
    const auto fault = writer_.Write(record);
    EXPECT_TRUE(fault.ok()) << fault.status();
    if (!fault.ok() || !fault->has_value()) return "none";
    return (*fault)->field + ": " + (*fault)->description;
  }

  const std::string& Close() {
    EXPECT_TRUE(writer_.Close().ok());
    return out_;
  }

  const RecordWriter& writer() const { return writer_; }

 private:
  std::string out_;
  RecordWriter writer_;
};

v1::FileRecord Item(const std::string& record) {
  v1::FileRecord item;
  *item.mutable_record() = records::ReadOk(record);
  return item;
}

TEST(RecordWriterTest, WhatWasReadGivesTheSameFile) {
  for (const char* type : {"ping.warts", "trace.warts", "dealias.warts", "http.warts"}) {
    const std::string file = ReadRecording("20260420", type);
    RecordStream stream(std::make_unique<DribblingSource>(file, 4096), {});
    Written written;
    while (true) {
      const auto record = stream.Next();
      ASSERT_TRUE(record.ok()) << record.status();
      if (*record == nullptr) break;
      v1::FileRecord item;
      ToProto(**record, &item);
      written.Add(item);
    }
    EXPECT_TRUE(written.Close() == file) << type;
    EXPECT_EQ(written.writer().records(), SplitRecords(file).size());
  }
}

TEST(RecordWriterTest, ListAndCycleMayComeWithTheRecordThatNamesThem) {
  v1::FileRecord item = Item(APing(9, 8));
  *item.mutable_list() = records::ReadOk(AList(9, "list")).list();
  *item.mutable_cycle() = records::ReadOk(ACycle(8, 9, 5)).cycle_start();
  Written written;
  written.Add(item);
  written.Add(Item(APing(9, 8)));
  EXPECT_EQ(written.Close(), AList(1, "list") + ACycle(1, 1, 5, false) + APing(1, 1) + APing(1, 1));
  EXPECT_THAT(written.writer().records_by_type(), ElementsAre(Pair(7, 2)));
}

TEST(RecordWriterTest, NumberOfNothingKnownIsAFaultOfItsField) {
  Written written;
  EXPECT_THAT(written.Fault(Item(APing(9, 0))),
              HasSubstr("record.ping.list_id: list 9 is not known"));
  EXPECT_THAT(written.Fault(Item(APing(0, 9))),
              HasSubstr("record.ping.cycle_id: cycle 9 is not known"));
  EXPECT_THAT(written.Fault(Item(ACycle(1, 7, 5))),
              HasSubstr("record.cycle_start.list_id: list 7 is not known"));
  EXPECT_THAT(written.Fault(Item(ACycleStop(3))),
              HasSubstr("record.cycle_stop.cycle_id: cycle 3 is not known"));
  v1::FileRecord item = Item(APing(0, 2));
  *item.mutable_cycle() = records::ReadOk(ACycle(2, 7, 5)).cycle_start();
  EXPECT_THAT(written.Fault(item), HasSubstr("cycle.list_id: list 7 is not known"));
  v1::FileRecord unnumbered = Item(AList(1, "a"));
  unnumbered.mutable_record()->mutable_list()->clear_warts_id();
  EXPECT_THAT(written.Fault(unnumbered), HasSubstr("record.list.warts_id: must be set"));
  EXPECT_EQ(written.Close(), "");
}

TEST(RecordWriterTest, NumberZeroIsNone) {
  v1::FileRecord item = Item(APing(0, 0));
  item.mutable_record()->mutable_ping()->set_list_id(0);
  Written written;
  written.Add(item);
  EXPECT_EQ(written.Close(), WriteOk(item.record()));
}

TEST(RecordWriterTest, RecordThatTheFormatCannotHoldIsAFaultAndTheRestIsWritten) {
  for (const Format format : {Format::kWarts, Format::kJson, Format::kText, Format::kProtobuf}) {
    v1::FileRecord bad = Item(APing(0, 0));
    bad.mutable_record()->mutable_ping()->set_ttl(256);
    Written written({format});
    EXPECT_THAT(written.Fault(bad), HasSubstr("record: ping record, ttl: "));
    EXPECT_EQ(written.Fault({}), "record: must hold one of its kinds");
    written.Add(Item(APing(0, 0)));
    EXPECT_NE(written.Close(), "");
    EXPECT_EQ(written.writer().records(), 1u);
  }
}

TEST(RecordWriterTest, WhatIsDerivedIsMadeAnew) {
  const std::string file = ReadRecording("20260420", "ping.warts");
  Written as_read({Format::kJson});
  Written without({Format::kJson});
  for (const std::string& record : SplitRecords(file)) {
    v1::FileRecord item = Item(record);
    as_read.Add(item);
    if (item.record().has_ping()) item.mutable_record()->mutable_ping()->clear_summary();
    without.Add(item);
  }
  EXPECT_EQ(without.Close(), as_read.Close());
}

TEST(RecordWriterTest, ErrorOfTheSinkIsNoFault) {
  RecordWriter writer(std::make_unique<io::CallbackSink>(
                          [](absl::string_view) { return absl::ResourceExhaustedError("full"); }),
                      {Format::kWarts});
  absl::Status status;
  for (int i = 0; i < 100000 && status.ok(); ++i) status = writer.Write(Item(APing(0, 0))).status();
  EXPECT_EQ(status, absl::ResourceExhaustedError("full"));
}

}  // namespace
}  // namespace scamper::files
