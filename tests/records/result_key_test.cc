// SPDX-License-Identifier: Apache-2.0
#include "server/records/result_key.h"

#include <set>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "server/records/registry.h"
#include "tests/records/records_testing.h"

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

// Whether a record of that kind and result is of the measurement; of a daemon that does not say so.
struct Recorded {
  const char* file;
  const char* measurement;
};

// clang-format off
const Recorded kRecorded[] = {
    {"tracelb", "tracelb { dst: '2001:DB8:99:0::1' userid: 3 }"},
    {"tracelb", "tracelb { dst: '192.0.2.2' }"},
    {"dealias", "mercator { dst: '203.0.113.2' }"},
    {"dealias", "ally { dst1: '203.0.113.9' dst2: '203.0.113.2' }"},
    {"dealias", "ally { dst1: '192.0.2.1' dst2: '192.0.2.2' }"},
    {"dealias", "ally { probedefs { dst: '2001:db8:99::1' } probedefs { dst: '2001:db8:99::2' } }"},
    {"dealias", "prefixscan { near: '203.0.113.9' far: '203.0.113.10' prefixlen: 29 }"},
    {"dealias", "radargun { addrs: '192.0.2.3' addrs: '192.0.2.1' addrs: '192.0.2.2' }"},
    {"dealias", "radargun { probedefs { dst: '192.0.2.5' } probedefs { dst: '192.0.2.4' } }"},
    {"dealias", "bump { probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } }"},
    {"host", "dns { qname: 'Example.Test.' server: '192.0.2.1' userid: 0 }"},
    {"host", "dns { qname: 'example.test' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_MX userid: 4 }"},
    {"host", "dns { qname: '192.0.2.7' server: '192.0.2.1' userid: 9 }"},
    {"host", "dns { qname: 'example.test' server: '192.0.2.1' rd: false }"},
    {"host", "dns { qname: 'example.test' server: '192.0.2.9' attempts: 2 "
             "wait_timeout { seconds: 1 } }"},
};

const Recorded kRecordedByTheNewest[] = {
    {"dealias", "midarest { addrs: '192.0.2.1' addrs: '192.0.2.2' }"},
    {"dealias", "midardisc { probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } "
                "probedefs { dst: '192.0.2.3' } probedefs { dst: '192.0.2.4' } }"},
    {"host", "dns { qname: 'example.test' server: '192.0.2.1' tcp: true }"},
    {"host", "dns { qname: 'example.test' server: '192.0.2.1' nsid: true }"},
    {"http", "http { dst: '192.0.2.6' userid: 1 }"},
    {"udpprobe", "udpprobe { dst: '192.0.2.9' userid: 1 }"},
    {"sniff", "sniff { src: '198.51.100.2' icmp_id: 4242 limit_pkt_count: 3 "
              "limit_time { seconds: 2 } }"},
    {"neighbourdisc", "neighbourdisc { dst: '2001:db8:1::1' ifname: 'e0' }"},
    {"tbit", "tbit { dst: '2001:db8:99::6' }"},
};
// clang-format on

std::vector<ResultIdentity> IdentitiesIn(const std::string& version, const std::string& file) {
  std::vector<ResultIdentity> identities;
  for (const std::string& record : SplitRecords(ReadRecording(version, file + ".warts"))) {
    absl::StatusOr<ResultIdentity> identity = Identify(record);
    if (identity.ok()) identities.push_back(*std::move(identity));
  }
  return identities;
}

void ExpectRecorded(const std::string& version, const Recorded& row) {
  v1::Measurement measurement;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.measurement, &measurement));
  const std::string key = Key(measurement);
  int found = 0;
  for (const ResultIdentity& identity : IdentitiesIn(version, row.file)) {
    found += identity.key == key;
    EXPECT_FALSE(identity.halted);
  }
  EXPECT_GE(found, 1) << version << " " << row.measurement;
}

TEST(ResultKey, RecordedResultsHaveTheKeysOfTheirMeasurements) {
  for (const Recorded& row : kRecorded) {
    ExpectRecorded("20211212", row);
    ExpectRecorded("20260420", row);
  }
  for (const Recorded& row : kRecordedByTheNewest) ExpectRecorded("20260420", row);
}

TEST(ResultKey, AQueryThatLeavesTheServerToScamperIsTheSecondChoice) {
  v1::Measurement measurement;
  measurement.mutable_dns()->set_qname("www.example.test");
  measurement.mutable_dns()->set_qtype(v1::HOST_QUERY_TYPE_A);
  measurement.mutable_dns()->set_userid(6);
  int found = 0;
  for (const ResultIdentity& identity : IdentitiesIn("20211212", "host")) {
    found += identity.fallback_key == Key(measurement);
    EXPECT_NE(identity.key, Key(measurement));
  }
  EXPECT_EQ(found, 1);
}

TEST(Exclusion, IsThatOfQueriesThatAreEqualWhateverServerAndTimes) {
  const auto of = [](const std::string& text) {
    v1::Measurement measurement;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, measurement.mutable_dns()));
    return Exclusion(measurement);
  };
  const std::string one = of("qname: 'a.test'");
  EXPECT_NE(one, "");
  EXPECT_EQ(one, of("qname: 'A.Test.' server: '192.0.2.1' qtype: HOST_QUERY_TYPE_A attempts: 3"));
  EXPECT_EQ(one, of("qname: 'a.test' rd: false wait_timeout { seconds: 1 } userid: 5"));
  EXPECT_NE(one, of("qname: 'a.test' qtype: HOST_QUERY_TYPE_AAAA"));
  EXPECT_NE(one, of("qname: 'b.test'"));
  EXPECT_EQ(of("qname: '2001:db8::1'"), of("qname: '2001:DB8:0::1' qtype: HOST_QUERY_TYPE_PTR"));
  EXPECT_EQ(Exclusion(PingOf("192.0.2.1", 0)), "");
}

TEST(ResultKey, WhatTellsRequestsOfOneKindApartCounts) {
  const auto key = [](const char* text) {
    v1::Measurement measurement;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &measurement)) << text;
    return Key(measurement);
  };
  // Each differs from all others.
  const std::vector<std::string> keys = {
      key("mercator { dst: '192.0.2.1' }"),
      key("tracelb { dst: '192.0.2.1' }"),
      key("radargun { addrs: '192.0.2.1' }"),
      key("radargun { addrs: '192.0.2.1' userid: 1 }"),
      key("ally { dst1: '192.0.2.1' dst2: '192.0.2.2' }"),
      key("ally { dst1: '192.0.2.1' dst2: '192.0.2.3' }"),
      key("prefixscan { near: '192.0.2.1' far: '192.0.2.2' prefixlen: 30 }"),
      key("prefixscan { near: '192.0.2.1' far: '192.0.2.2' prefixlen: 31 }"),
      key("prefixscan { near: '192.0.2.2' far: '192.0.2.1' prefixlen: 31 }"),
      key("dns { qname: 'a' }"),
      key("dns { qname: 'a' server: '192.0.2.1' }"),
      key("dns { qname: 'a' qtype: HOST_QUERY_TYPE_AAAA }"),
      key("dns { qname: 'a' attempts: 2 }"),
      key("dns { qname: 'a' rd: false }"),
      key("dns { qname: 'a' qclass: HOST_QUERY_CLASS_CH }"),
      key("dns { qname: 'a' wait_timeout { seconds: 1 } }"),
      key("sniff { src: '192.0.2.1' icmp_id: 1 }"),
      key("sniff { src: '192.0.2.1' icmp_id: 2 }"),
      key("sniff { src: '192.0.2.1' icmp_id: 1 limit_pkt_count: 1 }"),
      key("neighbourdisc { dst: '192.0.2.1' ifname: 'a' }"),
      key("neighbourdisc { dst: '192.0.2.1' ifname: 'b' }"),
  };
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size());
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
