// SPDX-License-Identifier: Apache-2.0
// Records that no daemon of today writes are written again as they were.
#include <string>

#include "gtest/gtest.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

constexpr char kDst[] = "04 01 c0000201";

void ExpectSame(uint32_t type, const std::string& hex) {
  const std::string bytes = RecordOf(type, Bytes(hex));
  v1::Record record;
  const absl::Status status = Read(bytes, &record);
  ASSERT_TRUE(status.ok()) << status << "\n" << hex;
  EXPECT_EQ(base::HexEncode(WriteOk(record)), base::HexEncode(bytes)) << record.DebugString();
}

// A ping with no reply whose parameters are those, then the destination (flag 21), then `after`.
// `flags` are its flag bytes.
void ExpectSamePing(const std::string& flags, const std::string& before,
                    const std::string& after = "") {
  const std::string params = Bytes(before + kDst + after);
  char length[5];
  snprintf(length, sizeof length, "%04x", static_cast<unsigned>(params.size()));
  ExpectSame(7, flags + length + base::HexEncode(params) + "0000");
}

TEST(LosslessTest, UnknownFlagsOfABlockSurvive) {
  // Flag 35 beyond the last known one, with two bytes.
  ExpectSamePing("80 80 c0 80 40", "", "beef");
  // Flag 70.
  ExpectSamePing("80 80 c0 80 80 80 80 80 80 40", "", "beef");
  // Flags of a reply, of a hop and of a list.
  ExpectSame(7,
             "80 80 41 0008 0001 04 01 c0000201 0001 80 90 80 40 000b 00 00000000 cafe cafe 0102");
  ExpectSame(6,
             "80 80 80 20 0006 04 01 c0000201 0001 82 80 48 000b 07 00 00000000 cafebabeff 0000");
  ExpectSame(1, "00000001 00000000 6100 05 0005 6162 00 ffff");
  ExpectSame(4, "00000001 00000000 02 0001 ff");
}

TEST(LosslessTest, KnownFieldsBesideUnknownFlagsAreRead) {
  const std::string bytes = RecordOf(7, Bytes("80 80 c0 80 40 0008 04 01 c0000201 beef 0000"));
  v1::Record record = ReadOk(bytes);
  EXPECT_EQ(record.ping().dst(), "192.0.2.1");
  EXPECT_EQ(record.ping().uninterpreted().parameters(), "\xbe\xef");
  // Another field can still be set and removed.
  record.mutable_ping()->set_ttl(5);
  const v1::Record changed = ReadOk(WriteOk(record));
  EXPECT_EQ(changed.ping().ttl(), 5u);
  EXPECT_EQ(changed.ping().uninterpreted().parameters(), "\xbe\xef");
  record.mutable_ping()->clear_ttl();
  EXPECT_EQ(WriteOk(record), bytes);
}

TEST(LosslessTest, AFieldRemovedFromABlockWithKeptFlagsIsGone) {
  // Flag 19, and two bytes that no flag accounts for.
  v1::Record record = ReadOk(RecordOf(7, Bytes("80 80 50 000c 00000007 04 01 c0000201 beef 0000")));
  EXPECT_EQ(record.ping().userid(), 7u);
  record.mutable_ping()->clear_userid();
  const v1::Record changed = ReadOk(WriteOk(record));
  EXPECT_FALSE(changed.ping().has_userid());
  EXPECT_EQ(changed.ping().dst(), "192.0.2.1");
}

TEST(LosslessTest, LeftoverParametersAndFlagBytesThatAreNotNeededSurvive) {
  ExpectSamePing("80 80 40", "", "beef");
  ExpectSamePing("80 80 c0 80 00", "");
  ExpectSame(4, "00000001 00000000 80 00 0000");
  ExpectSame(4, "00000001 00000000 80 00 0001 07");
}

TEST(LosslessTest, BytesBehindTheLastItemSurvive) {
  ExpectSame(7, "80 80 40 0006 04 01 c0000201 0000 beef");
  ExpectSame(6, "80 80 80 20 0006 04 01 c0000201 0000 0000 beef");
  // Behind the items of path MTU discovery, last ditch and doubletree.
  ExpectSame(
      6,
      "80 80 80 20 0006 04 01 c0000201 0000 1005 00 0000 beef 2005 00 0000 beef 3002 00 be 0000");
}

TEST(LosslessTest, BytesBehindListsCyclesAndAddressesSurvive) {
  ExpectSame(1, "00000001 00000000 6100 00 beef");
  ExpectSame(2, "00000001 00000001 00000000 6553f100 02 0003 767000 beef");
  ExpectSame(3, "00000001 00000001 00000000 6553f100 00 beef");
  ExpectSame(4, "00000001 6553f164 00 beef");
  ExpectSame(5, "01 01 c0000201 beef");
}

TEST(LosslessTest, LengthOfDataWithoutDataSurvives) {
  // Flag 8 of a ping; flag 15 of a sting.
  ExpectSamePing("80 81 40", "0005");
  ExpectSame(12, "98 80 01 000e 04 01 c0000201 04 01 c0000202 0005");
  v1::Record record;
  record.mutable_ping()->set_dst("192.0.2.1");
  record.mutable_ping()->set_data_length(0);
  EXPECT_EQ(Write(record).status().message(), "ping record, data_length: must be within 1 - 65535");
  record.mutable_ping()->set_data_length(1);
  record.mutable_ping()->set_data("a");
  EXPECT_EQ(Write(record).status().message(),
            "ping record, data_length: must be absent beside the data");
}

// What does not survive as bytes is read again as the same message.
void ExpectSameMessage(uint32_t type, const std::string& hex) {
  warts::AddressTable addresses;
  addresses.Add(*warts::ParseAddress("192.0.2.1"));
  const std::string bytes = RecordOf(type, Bytes(hex));
  v1::Record record;
  const absl::Status status = Read(bytes, &record, &addresses);
  ASSERT_TRUE(status.ok()) << status << "\n" << hex;
  const std::string written = WriteOk(record);
  EXPECT_NE(base::HexEncode(written), base::HexEncode(bytes)) << record.DebugString();
  const v1::Record again = ReadOk(written);
  EXPECT_EQ(again.SerializeAsString(), record.SerializeAsString())
      << record.DebugString() << again.DebugString();
}

TEST(LosslessTest, RepeatedDefinitionsOfAnAddressAreReadAgainAsTheSameMessage) {
  ExpectSameMessage(7, "80 80 41 0008 0001 04 01 c0000201 0001 80 10 0006 04 01 c0000201");
  ExpectSameMessage(7, "80 80 60 000c 04 01 c0000201 04 01 c0000201 0000");
}

TEST(LosslessTest, FileLevelAddressesAreReadAgainAsTheSameMessage) {
  ExpectSameMessage(7, "08 0004 00000001 0000");
  // With an unknown flag, with leftover parameters, and with flag bytes that are not needed.
  ExpectSameMessage(7, "88 80 80 80 80 40 0006 00000001 beef 0000");
  ExpectSameMessage(7, "08 0006 00000001 beef 0000");
  ExpectSameMessage(7, "88 80 00 0004 00000001 0000");
  // None, which leaves nothing but leftover parameters: the stop of a doubletree.
  ExpectSameMessage(6, "80 80 80 20 0006 04 01 c0000201 0000 3009 01 0006 00000000 beef 0000");
}

TEST(LosslessTest, MicrosecondsBeyondASecondAreReadAgainAsTheSameMessage) {
  ExpectSameMessage(7, "90 80 40 000e 6553f100 0016e360 04 01 c0000201 0000");
  // Seconds and microseconds as large as they can be are written as they were.
  ExpectSamePing("90 80 40", "ffffffff ffffffff");
  // Waits: flags 12 and 28; 12, 27 and 33; 28 and 33 without their seconds.
  ExpectSameMessage(7, "80 90 c0 40 000b 01 04 01 c0000201 0016e360 0000");
  ExpectSamePing("80 90 c0 40", "ff", "ffffffff");
  ExpectSamePing("80 90 c0 a0 10", "01", "ff ffffffff");
  ExpectSameMessage(7, "80 80 c0 c0 10 000e 04 01 c0000201 0016e360 0016e360 0000");
}

TEST(LosslessTest, AttributesInAnotherOrderAreReadAgainAsTheSameMessage) {
  ExpectSameMessage(6,
                    "80 80 80 20 0006 04 01 c0000201 0000 3002 00be 2003 00 0000 4001 ff "
                    "1003 00 0000 0000");
}

TEST(LosslessTest, PresentZerosSurvive) {
  // Methods, ports, user id and TOS are left out by scamper where they are zero.
  ExpectSamePing("80 80 de 82 00", "00 0000 0000 00000000", "00");
  ExpectSame(6, "80 80 80 60 000a 04 01 c0000201 00000000 0000 0000");
}

TEST(LosslessTest, FlagsStoredTwiceOrInTheWideFormSurvive) {
  // Flag 22 and flag 30, each alone and both.
  ExpectSamePing("80 80 c0 01", "", "00");
  ExpectSamePing("80 80 c0 81 02", "", "05 00000105");
  ExpectSamePing("80 80 c0 80 02", "", "00000005");
  ExpectSamePing("80 80 c0 81 02", "", "00 00000100");
  ExpectSame(6, "80 81 80 a0 08 000b 05 04 01 c0000201 00000005 0000 0000");
}

TEST(LosslessTest, WaitsStoredInAnyWaySurvive) {
  // Flags 12 (seconds) and 28 (microseconds).
  ExpectSamePing("80 90 40", "01");
  ExpectSamePing("80 90 c0 40", "00", "0007a120");
  ExpectSamePing("80 90 c0 40", "01", "00000000");
  ExpectSamePing("80 80 c0 40", "", "0007a120");
  ExpectSamePing("80 80 c0 40", "", "00000000");
  // Flags 27 (seconds) and 33 (microseconds) with 12.
  ExpectSamePing("80 90 c0 20", "01", "05");
  ExpectSamePing("80 90 c0 20", "01", "01");
  ExpectSamePing("80 90 c0 80 10", "01", "0007a120");
  ExpectSamePing("80 90 c0 80 10", "01", "00000000");
  ExpectSamePing("80 90 c0 a0 10", "01", "01 0007a120");
  ExpectSamePing("80 90 c0 a0 10", "01", "02 00000000");
}

TEST(LosslessTest, TheTimeoutTakesItsSecondsFromTheWaitWhereItHasNone) {
  const v1::Record record =
      ReadOk(RecordOf(7, Bytes("80 90 c0 80 10 000b 02 04 01 c0000201 0007a120 0000")));
  EXPECT_EQ(record.ping().wait_timeout().seconds(), 2);
  EXPECT_EQ(record.ping().wait_timeout().nanos(), 500000000);
}

TEST(LosslessTest, EmptyDataAndEmptyListsSurvive) {
  // Flag 8 alone, both 8 and 9 without bytes, 9 alone; flag 24 with no address.
  ExpectSamePing("80 81 40", "0000");
  ExpectSamePing("80 83 40", "0000");
  ExpectSamePing("80 82 40", "");
  ExpectSamePing("80 80 c0 04", "", "00");
  // Record route without addresses and timestamps without entries.
  ExpectSame(7, "80 80 41 0008 0001 04 01 c0000201 0001 80 f0 00 0008 00 00000000 00 0000");
}

TEST(LosslessTest, StringsThatAreNotUtf8Survive) {
  // errmsg is the last parameter; the name of a doubletree stop set is not.
  ExpectSamePing("80 80 c0 80 20", "", "ff6100");
  ExpectSame(6, "80 80 80 20 0006 04 01 c0000201 0000 3007 60 0004 e96100 01 0000");
  ExpectSame(1, "00000001 00000000 6100 03 0004 e900 6200");
  const v1::Record record =
      ReadOk(RecordOf(7, Bytes("80 80 c0 80 20 0009 04 01 c0000201 ff6100 0000")));
  EXPECT_FALSE(record.ping().has_errmsg());
  EXPECT_EQ(record.ping().uninterpreted().parameters(), std::string("\xff"
                                                                    "a\0",
                                                                    3));
}

TEST(LosslessTest, AStringInFrontOfKeptParametersCannotBeReplaced) {
  v1::Record record = ReadOk(RecordOf(1, Bytes("00000001 00000000 6100 03 0004 e900 6200")));
  record.mutable_list()->set_monitor("vp");
  EXPECT_EQ(Write(record).status().message(),
            "list record, monitor: follows parameters that are not interpreted");
}

TEST(LosslessTest, UnknownAttributesSurvive) {
  ExpectSame(6, "80 80 80 20 0006 04 01 c0000201 0000 4003 010203 f000 0000");
}

TEST(LosslessTest, AnAttributeOfOneKindTwiceIsRefused) {
  v1::Record record;
  const absl::Status status = Read(
      RecordOf(6, Bytes("80 80 80 20 0006 04 01 c0000201 0000 2003 00 0000 2003 00 0000 0000")),
      &record);
  EXPECT_EQ(status.message(),
            "trace record, offset 29, attributes: expected at most one attribute of its kind");
}

// Old writers store both reply ids, one of them zero.
TEST(LosslessTest, TheReplyIdIsThatOfTheDestinationsFamily) {
  v1::Record record = ReadOk(RecordOf(7, Bytes("80 80 41 0008 0001 04 01 c0000201"
                                               "0001 82 91 01 000c 02 1234 00 00000000 00000000")));
  EXPECT_EQ(record.ping().replies(0).summary().reply_ipid(), 0x1234u);
  record = ReadOk(RecordOf(7, Bytes("80 80 41 0014 0001 10 02 20010db8000000000000000000000001"
                                    "0001 82 91 01 000c 02 0000 00 00000000 12345678")));
  EXPECT_EQ(record.ping().replies(0).summary().reply_ipid(), 0x12345678u);
}

}  // namespace
}  // namespace scamper::records
