// SPDX-License-Identifier: Apache-2.0
// Files with damage, read with recovery.
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A region and what it must be.
void ExpectSkipped(const Result& result, uint64_t offset, uint64_t length) {
  ASSERT_EQ(result.skipped.size(), 1u);
  EXPECT_EQ(result.skipped[0].offset, offset);
  EXPECT_EQ(result.skipped[0].length, length);
  EXPECT_THAT(result.skipped[0].why, HasSubstr("expected"));
}

TEST(RecoveryTest, WholeFileIsReadAsWithoutRecovery) {
  const std::string file = ReadRecording("20260420", "ping.warts");
  const Result result = ReadAll(file, Recovering());
  EXPECT_TRUE(result.end.ok());
  EXPECT_EQ(result.records, SplitRecords(file));
  EXPECT_TRUE(result.skipped.empty());
}

TEST(RecoveryTest, MalformedBodyIsLeftOutByItsLength) {
  const std::string bad = RecordOf(6, "\xff\xff\xff");
  const Result result = ReadAll(APing(0, 0, 1) + bad + APing(0, 0, 2), Recovering());
  EXPECT_TRUE(result.end.ok());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 1), APing(0, 0, 2)));
  ExpectSkipped(result, APing(0, 0, 1).size(), bad.size());
}

TEST(RecoveryTest, RubbishBetweenRecordsIsLeftOut) {
  const std::string rubbish = "\x12\x05 rubbish \x12";
  const Result result = ReadAll(APing(0, 0, 1) + rubbish + APing(0, 0, 2), Recovering());
  EXPECT_TRUE(result.end.ok());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 1), APing(0, 0, 2)));
  ExpectSkipped(result, APing(0, 0, 1).size(), rubbish.size());
}

TEST(RecoveryTest, MuchRubbishIsLeftOutInOneRegion) {
  const std::string rubbish(1000000, '\x12');
  const Result result = ReadAll(rubbish + APing(0, 0, 2), Recovering());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 2)));
  ExpectSkipped(result, 0, rubbish.size());
}

// Each header claims a body that is there, but no header follows it.
TEST(RecoveryTest, ManyHeadersThatClaimMuchAreLeftOut) {
  std::string rubbish;
  while (rubbish.size() < 3000000) rubbish.append("\x12\x05\x00\x06\x00\x10\x00\x01", 8);
  const Result result =
      ReadAll(std::make_unique<DribblingSource>(rubbish + APing(0, 0), 100000), Recovering());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0)));
  size_t skipped = 0;
  for (const SkippedRegion& region : result.skipped) skipped += region.length;
  EXPECT_EQ(skipped, rubbish.size());
}

// Each of many records is malformed and ends where the file does.
TEST(RecoveryTest, NestedHeadersDoNotHideTheLastRecord) {
  const std::string ping = APing(0, 0);
  std::string rubbish;
  for (size_t left = 50000; left > 0; --left) {
    warts::Writer header;
    warts::WriteHeader({6, static_cast<uint32_t>(8 * (left - 1) + ping.size())}, header);
    rubbish += std::move(header).Take();
  }
  const Result result = ReadAll(rubbish + ping, Recovering());
  EXPECT_TRUE(result.end.ok());
  size_t total = 0;
  for (const std::string& record : result.records) total += record.size();
  for (const SkippedRegion& region : result.skipped) total += region.length;
  EXPECT_EQ(total, rubbish.size() + ping.size());
}

TEST(RecoveryTest, WhatIsFoundBehindDamageIsCheckedThoughItIsNotWanted) {
  // A header in the rubbish claims all that follows.
  const std::string ping = APing(0, 0);
  warts::Writer header;
  warts::WriteHeader({6, static_cast<uint32_t>(3 + ping.size())}, header);
  const std::string file = "xx" + std::move(header).Take() + "\xff\xff\xff" + ping;
  StreamOptions options = Recovering();
  options.types = {7};
  EXPECT_THAT(ReadAll(file, options).records, ElementsAre(ping));
  options.types = {};
  options.decode = false;
  EXPECT_THAT(ReadAll(file, options).records, ElementsAre(ping));
}

TEST(RecoveryTest, DamagedMagicCostsOneRecord) {
  std::string bad = APing(0, 0, 2);
  bad[0] = 'x';
  const Result result = ReadAll(APing(0, 0, 1) + bad + APing(0, 0, 3), Recovering());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 1), APing(0, 0, 3)));
  ExpectSkipped(result, APing(0, 0, 1).size(), bad.size());
}

TEST(RecoveryTest, LengthTooLongCostsOneRecord) {
  for (const size_t byte : {4, 5, 6, 7}) {
    std::string bad = APing(0, 0, 2);
    bad[byte] = static_cast<char>(bad[byte] | 0x40);
    const Result result =
        ReadAll(APing(0, 0, 1) + bad + APing(0, 0, 3) + APing(0, 0, 4), Recovering());
    EXPECT_TRUE(result.end.ok());
    EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 1), APing(0, 0, 3), APing(0, 0, 4)))
        << byte;
    ExpectSkipped(result, APing(0, 0, 1).size(), bad.size());
  }
}

TEST(RecoveryTest, LengthThatCoversTheNextRecordToItsEndCostsOneRecord) {
  std::string bad = APing(0, 0, 2);
  const std::string next = APing(0, 0, 3);
  bad[7] = static_cast<char>(bad[7] + next.size());
  const Result result = ReadAll(APing(0, 0, 1) + bad + next + APing(0, 0, 4), Recovering());
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0, 1), next, APing(0, 0, 4)));
  ExpectSkipped(result, APing(0, 0, 1).size(), bad.size());
}

TEST(RecoveryTest, TruncatedRecordIsReportedAndTheEndIsClean) {
  const std::string ping = APing(0, 0);
  for (size_t cut = 1; cut < ping.size(); ++cut) {
    const Result result = ReadAll(ping + ping.substr(0, cut), Recovering());
    EXPECT_TRUE(result.end.ok()) << result.end;
    EXPECT_THAT(result.records, ElementsAre(ping));
    ExpectSkipped(result, ping.size(), cut);
  }
}

std::string AnAddress(uint32_t number) {
  v1::Record record;
  record.mutable_address()->set_check(number % 255);
  record.mutable_address()->set_addr(absl::StrCat("192.0.2.", number % 256));
  return WriteOk(record);
}

// A ping to the address record of that number.
std::string APingTo(uint32_t number) {
  warts::Writer body;
  body.U8(8);
  body.U16(4);
  body.U32(number);
  body.U16(0);
  return RecordOf(7, std::move(body).Take());
}

// Destinations of all pings of the file.
std::vector<std::string> Destinations(const std::string& file, const StreamOptions& options) {
  RecordStream stream(std::make_unique<DribblingSource>(file, 1000), options);
  std::vector<std::string> all;
  while (true) {
    const auto record = stream.Next();
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok() || *record == nullptr) return all;
    if ((*record)->record->has_ping()) all.push_back((*record)->record->ping().dst());
  }
}

TEST(RecoveryTest, AddressesBehindDamagedOnesKeepTheirNumbers) {
  const std::string pings = APingTo(2) + APingTo(4);
  // Its body is malformed, its header is none, or its check value is another one.
  for (const size_t byte : {9, 0, 8}) {
    std::string bad = AnAddress(3);
    bad[byte] = 'x';
    const std::string file = AnAddress(1) + AnAddress(2) + bad + AnAddress(4) + pings;
    EXPECT_THAT(Destinations(file, Recovering()), ElementsAre("192.0.2.2", "192.0.2.4")) << byte;
  }
  // Several are lost.
  const std::string rubbish = "rubbish";
  EXPECT_THAT(Destinations(AnAddress(1) + AnAddress(2) + rubbish + AnAddress(5) + APingTo(5) +
                               APingTo(2) + APingTo(4),
                           Recovering()),
              ElementsAre("192.0.2.5", "192.0.2.2"));
}

TEST(RecoveryTest, CheckValuesOfAddressesCountModulo255) {
  std::string file;
  for (uint32_t number = 1; number <= 300; ++number) file += AnAddress(number);
  EXPECT_THAT(Destinations(file + APingTo(255) + APingTo(300), {}),
              ElementsAre("192.0.2.255", "192.0.2.44"));
}

TEST(RecoveryTest, FilterLeavesDamageOfOtherTypesAlone) {
  StreamOptions options = Recovering();
  options.types = {7};
  const Result result = ReadAll(RecordOf(6, "\xff\xff\xff") + APing(0, 0), options);
  EXPECT_THAT(result.records, ElementsAre(APing(0, 0)));
  EXPECT_TRUE(result.skipped.empty());
}

// Whatever byte is damaged: the reader ends, everything is either delivered or reported,
// and at most the damaged record and one beside it are lost.
TEST(RecoveryTest, FlipOfEveryByteLosesNoMoreThanItsRecord) {
  std::vector<std::string> records = SplitRecords(ReadRecording("20260420", "ping.warts"));
  records.resize(8);
  const std::string file = Join(records);
  for (size_t at = 0; at < file.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      const Result result = ReadAll(damaged, Recovering());
      EXPECT_TRUE(result.end.ok()) << at;
      size_t total = 0;
      for (const std::string& record : result.records) total += record.size();
      for (const SkippedRegion& region : result.skipped) total += region.length;
      EXPECT_EQ(total, file.size()) << at;
      size_t whole = 0;
      for (const std::string& record : result.records) {
        if (std::find(records.begin(), records.end(), record) != records.end()) ++whole;
      }
      EXPECT_GE(whole, records.size() - 1) << at << " " << flip;
    }
  }
}

}  // namespace
}  // namespace scamper::files
