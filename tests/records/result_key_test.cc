// SPDX-License-Identifier: Apache-2.0
#include "server/records/result_key.h"

#include <string>

#include "gtest/gtest.h"
#include "server/records/registry.h"

namespace scamper::records {
namespace {

v1::Record PingRecord(const std::string& dst, uint32_t userid, v1::PingStopReason stop) {
  v1::Record record;
  record.mutable_ping()->set_dst(dst);
  record.mutable_ping()->set_stop_reason(stop);
  if (userid != 0) record.mutable_ping()->set_userid(userid);
  return record;
}

v1::Measurement PingOf(const std::string& dst, uint32_t userid) {
  v1::Measurement measurement;
  measurement.mutable_ping()->set_dst(dst);
  measurement.mutable_ping()->set_userid(userid);
  return measurement;
}

ResultIdentity IdentityOf(const v1::Record& record) {
  absl::StatusOr<std::string> bytes = Write(record);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  absl::StatusOr<ResultIdentity> identity = Identify(*bytes);
  EXPECT_TRUE(identity.ok()) << identity.status();
  return *identity;
}

TEST(ResultKey, AResultHasTheKeyOfItsMeasurementInAnySpellingOfTheAddress) {
  ResultIdentity identity =
      IdentityOf(PingRecord("2001:db8::1", 0, v1::PING_STOP_REASON_COMPLETED));
  EXPECT_EQ(identity.key, Key(PingOf("2001:0DB8:0:0::1", 0)));
  EXPECT_FALSE(identity.halted);
}

TEST(ResultKey, TypeDestinationAndUseridAllCount) {
  const std::string key = Key(PingOf("192.0.2.1", 7));
  EXPECT_NE(key, Key(PingOf("192.0.2.2", 7)));
  EXPECT_NE(key, Key(PingOf("192.0.2.1", 8)));
  v1::Measurement trace;
  trace.mutable_trace()->set_dst("192.0.2.1");
  trace.mutable_trace()->set_userid(7);
  EXPECT_NE(key, Key(trace));
}

TEST(ResultKey, AHaltedMeasurementSaysSo) {
  EXPECT_TRUE(IdentityOf(PingRecord("192.0.2.1", 1, v1::PING_STOP_REASON_HALTED)).halted);
}

TEST(Identify, RefusesWhatIsNoMeasurement) {
  v1::Record list;
  list.mutable_list()->set_warts_id(1);
  list.mutable_list()->set_id(0);
  list.mutable_list()->set_name("default");
  absl::StatusOr<std::string> bytes = Write(list);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(Identify(*bytes).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Identify("\x12\x05").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace scamper::records
