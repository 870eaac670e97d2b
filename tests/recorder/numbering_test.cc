// SPDX-License-Identifier: Apache-2.0
#include "server/recorder/numbering.h"

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/recorder/recorder_testing.h"

namespace scamper::recorder {
namespace {

using absl::StatusCode;
using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;

class NumberingTest : public testing::Test {
 protected:
  void Append(const Result& result) {
    const absl::Status status = numbering_.Append(result.under, result.record, &file_);
    EXPECT_TRUE(status.ok()) << status;
  }
  void AppendPing(const Under& under, uint32_t userid) { Append(MakePing(under, userid)); }

  Numbering numbering_;
  std::string file_;
};

// What the parsed record with these numbers is written as.
std::string Renumbered(const std::string& bytes, uint32_t list, uint32_t cycle) {
  v1::Record record;
  EXPECT_TRUE(records::Read(bytes, &record).ok());
  records::ReferenceIds ids = records::ReferenceIdsOf(record);
  if (ids.list_id.value_or(0) != 0) ids.list_id = list;
  if (ids.cycle_id.value_or(0) != 0) ids.cycle_id = cycle;
  records::SetReferenceIds(ids, &record);
  return records::Write(record).value();
}

TEST_F(NumberingTest, RecordsOfEveryTypeGetTheNumbersOfTheFileAndNothingElseChanges) {
  AppendPing(MakeUnder("first", 1), 1);
  int count = 0;
  uint32_t number = 2;
  for (const records::Recording& recording : records::kRecordings) {
    Under under;
    const std::string all =
        records::ReadRecording(recording.version, absl::StrCat(recording.type, ".warts"));
    for (const v1::FileRecord& item : ReadBack(all)) {
      if (!item.has_list() || !item.has_cycle() || item.record().kind_case() < 6) continue;
      // Some were recorded over several connections.
      if (under.list == nullptr || !MessageDifferencer::Equals(*under.cycle, item.cycle())) {
        auto list = std::make_shared<v1::List>(item.list());
        list->set_descr(absl::StrCat("number ", number++));
        under = {std::move(list), std::make_shared<v1::Cycle>(item.cycle())};
      }
      const std::string record = records::Write(item.record()).value();
      Append({under, record});
      const std::string expected = Renumbered(record, number - 1, number - 1);
      ASSERT_GE(file_.size(), expected.size());
      ASSERT_EQ(file_.substr(file_.size() - expected.size()), expected) << recording.type;
      ++count;
    }
  }
  EXPECT_GT(count, 100);
  for (const v1::FileRecord& item : ReadBack(file_)) {
    if (item.record().kind_case() < 6) continue;
    EXPECT_TRUE(item.has_list());
    EXPECT_TRUE(item.has_cycle());
    EXPECT_EQ(item.list().warts_id(), item.cycle().list_id());
  }
}

TEST_F(NumberingTest, InstancesWithEqualNumbersKeepTheirOwnListsAndCycles) {
  const Under a = MakeUnder("a");
  const Under b = MakeUnder("b");
  AppendPing(a, 1);
  AppendPing(b, 2);
  AppendPing(a, 3);
  numbering_.AppendStops(absl::FromUnixSeconds(1'700'000'100), &file_);
  EXPECT_THAT(Summary(file_), ElementsAre("list a", "cycle_start a", "ping a 1", "list b",
                                          "cycle_start b", "ping b 2", "ping a 3",
                                          "cycle_stop a 1700000100", "cycle_stop b 1700000100"));
}

TEST_F(NumberingTest, ReconnectionIsANewCycleOfTheSameList) {
  AppendPing(MakeUnder("a"), 1);
  AppendPing(MakeUnder("a", 1, 1'700'000'050), 2);
  EXPECT_THAT(Summary(file_),
              ElementsAre("list a", "cycle_start a", "ping a 1", "cycle_start a", "ping a 2"));
  EXPECT_EQ(ReadBack(file_)[4].cycle().start().seconds(), 1'700'000'050);
}

TEST_F(NumberingTest, EqualListsAndCyclesAreOne) {
  AppendPing(MakeUnder("a", 1), 1);
  AppendPing(MakeUnder("a", 7), 2);
  EXPECT_THAT(Summary(file_), ElementsAre("list a", "cycle_start a", "ping a 1", "ping a 2"));
}

TEST_F(NumberingTest, RecordWithoutListAndCycleStaysWithout) {
  Result ping = MakePing(MakeUnder("a"), 1);
  ping.record = Renumbered(ping.record, 0, 0);
  Append(ping);
  Append({{}, MakePing(MakeUnder("b"), 2).record});
  const auto items = ReadBack(file_);
  for (const v1::FileRecord& item : items)
    EXPECT_FALSE(item.record().has_ping() && item.has_list());
  EXPECT_EQ(items.back().record().ping().list_id(), 0u);
}

TEST_F(NumberingTest, NumberOfAnotherListBecomesNone) {
  Result ping = MakePing(MakeUnder("a"), 1);
  ping.record = Renumbered(ping.record, 9, 1);
  Append(ping);
  const v1::FileRecord back = ReadBack(file_).back();
  EXPECT_FALSE(back.has_list());
  EXPECT_TRUE(back.has_cycle());
}

TEST_F(NumberingTest, MalformedRecordStaysAsItIsButForItsNumbers) {
  AppendPing(MakeUnder("first"), 1);
  // The body ends inside its parameters.
  std::string record = records::Bytes("1205 0007 0000000e  03 0009 00000001 00000001 ffff ff");
  for (const uint32_t length : {11u, 12u}) {
    // 12: the block reaches beyond the record, so that nothing in it can be trusted.
    record[10] = static_cast<char>(length);
    file_.clear();
    Append({MakeUnder(absl::StrCat("second", length)), record});
    const uint32_t number = length == 11 ? 2 : 1;
    std::string expected = record;
    if (length == 11) expected[14] = expected[18] = static_cast<char>(number);
    EXPECT_EQ(file_.substr(file_.size() - record.size()), expected);
  }
}

TEST_F(NumberingTest, RecordOfAnUnknownTypeIsRenumberedOnlyWhereBothNumbersFit) {
  AppendPing(MakeUnder("first"), 1);
  const Under under = MakeUnder("second");
  Append({under, records::Bytes("1205 0063 0000000c 03 0009 00000001 00000001 ff")});
  EXPECT_THAT(file_,
              testing::EndsWith(records::Bytes("1205 0063 0000000c 03 0009 00000002 00000002 ff")));
  Append({under, records::Bytes("1205 0063 0000000c 03 0009 00000001 00000005 ff")});
  EXPECT_THAT(file_,
              testing::EndsWith(records::Bytes("1205 0063 0000000c 03 0009 00000001 00000005 ff")));
}

TEST_F(NumberingTest, WhatIsNoRecordOfAMeasurementIsRefusedAndLeavesNoTrace) {
  const Result ping = MakePing(MakeUnder("a"), 1);
  const auto code = [&](const std::string& record) {
    return numbering_.Append(ping.under, record, &file_).code();
  };
  EXPECT_EQ(code(""), StatusCode::kDataLoss);
  EXPECT_EQ(code("hello, world"), StatusCode::kDataLoss);
  EXPECT_EQ(code(ping.record.substr(0, ping.record.size() - 1)), StatusCode::kDataLoss);
  EXPECT_EQ(code(ping.record + ping.record), StatusCode::kDataLoss);
  EXPECT_EQ(code(records::Bytes("1205 0001 0000000b 00000001 00000000 6100 00")),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(code(records::Bytes("1205 0004 00000009 00000001 00000000 00")),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(file_, "");
}

}  // namespace
}  // namespace scamper::recorder
