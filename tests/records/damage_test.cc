// SPDX-License-Identifier: Apache-2.0
// Records that are cut or changed anywhere.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/records/json.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

// Everything that can be done with a record that was read.
void Exercise(const v1::Record& record) {
  const auto written = Write(record);
  ASSERT_TRUE(written.ok()) << written.status() << "\n" << record.DebugString();
  v1::Record again;
  ASSERT_TRUE(Read(*written, &again).ok()) << record.DebugString();
  // The message is the same, and from then on the bytes are.
  EXPECT_EQ(again.SerializeAsString(), record.SerializeAsString()) << record.DebugString() << "\n"
                                                                   << again.DebugString();
  EXPECT_EQ(Write(again).value_or("refused"), *written) << record.DebugString();
  std::string wire;
  // A string that is not UTF-8 could not be sent to a client.
  EXPECT_TRUE(record.SerializeToString(&wire));
  v1::Record parsed;
  EXPECT_TRUE(parsed.ParseFromString(wire)) << record.DebugString();
  Text(record);
  Addresses(record);
  std::string json;
  AppendJson(record, {}, &json);
  AppendJson(record, {nullptr, nullptr, true}, &json);
}

TEST(DamageTest, ARecordCutAnywhereIsAnErrorWithAnOffset) {
  for (const std::string& bytes : AllRecords()) {
    const auto header = warts::ReadHeader(bytes);
    for (size_t n = 0; n < bytes.size(); ++n) {
      v1::Record record;
      const absl::Status status = Read(absl::string_view(bytes).substr(0, n), &record);
      ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << n;
      ASSERT_THAT(std::string(status.message()), HasSubstr("offset"));
      if (n < warts::kHeaderSize) continue;
      // The same with a header that fits. A list may end before its last parameters.
      const absl::Status inner = Read(RecordOf(header->type, bytes.substr(8, n - 8)), &record);
      ASSERT_EQ(inner.code(), absl::StatusCode::kDataLoss) << n << "\n" << record.DebugString();
      ASSERT_THAT(std::string(inner.message()), HasSubstr("offset"));
      ASSERT_THAT(std::string(inner.message()), HasSubstr("expected"));
    }
  }
}

TEST(DamageTest, EveryByteChangedGivesARecordOrAnErrorWithAnOffset) {
  int read = 0;
  for (const std::string& bytes : AllRecords()) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (const int mask : {0xff, 0x01, 0x80}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ mask);
        v1::Record record;
        const absl::Status status = Read(damaged, &record);
        if (!status.ok()) {
          ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss);
          ASSERT_THAT(std::string(status.message()), HasSubstr("offset"));
          continue;
        }
        ++read;
        Exercise(record);
        EXPECT_NE(Identify(damaged).status().code(), absl::StatusCode::kInternal);
      }
    }
  }
  EXPECT_GT(read, 1000);
}

TEST(DamageTest, ErrorsNameRecordTypeOffsetFieldAndWhatWasExpected) {
  v1::Record record;
  // A ping whose parameter block has room for one byte of the start only.
  EXPECT_EQ(Read(RecordOf(7, Bytes("10 0001 00 0000")), &record).message(),
            "ping record, offset 11, start: expected 8 bytes of a time");
  // A reply that refers to an address that is not there.
  EXPECT_EQ(
      Read(RecordOf(7, Bytes("80 81 40 0008 0001 04 01 c0000201 0001 80 10 0005 00 00000007")),
           &record)
          .message(),
      "ping record, offset 27, reply 0, src: expected the id of an address that the record defined "
      "before");
  EXPECT_EQ(Read(RecordOf(7, Bytes("00 0000")), &record).message(),
            "ping record, offset 8, dst: expected a destination");
  EXPECT_EQ(Read("12345", &record).message(),
            "record, offset 0: expected an 8-byte header that starts with 12 05");
}

TEST(DamageTest, CountsWithoutTheBytesAreRefused) {
  v1::Record record;
  const absl::Status pings =
      Read(RecordOf(7, Bytes("80 80 40 0006 04 01 c0000201 ffff 00 00")), &record);
  EXPECT_THAT(std::string(pings.message()), HasSubstr("as many replies as the count says"));
  EXPECT_EQ(record.ping().replies_size(), 0);
  const absl::Status hops =
      Read(RecordOf(6, Bytes("80 80 80 20 0006 04 01 c0000201 ffff 00 00")), &record);
  EXPECT_THAT(std::string(hops.message()), HasSubstr("as many hops as the count says"));
}

}  // namespace
}  // namespace scamper::records
