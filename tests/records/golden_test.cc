// SPDX-License-Identifier: Apache-2.0
// Records of real daemons: bytes, text and derived values.
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "server/base/hex.h"
#include "server/records/micros.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

TEST(GoldenTest, EveryRecordIsWrittenAsItWasRead) {
  int records = 0;
  for (const std::string& bytes : AllRecords()) {
    EXPECT_EQ(base::HexEncode(WriteOk(ReadOk(bytes))), base::HexEncode(bytes));
    ++records;
  }
  EXPECT_GT(records, 100);
}

// What a daemon writes is understood whole: no parameters are kept as bytes.
TEST(GoldenTest, NothingIsLeftUninterpreted) {
  for (const std::string& bytes : AllRecords()) {
    const std::string text = ReadOk(bytes).DebugString();
    EXPECT_EQ(text.find("uninterpreted"), std::string::npos) << text;
    EXPECT_EQ(text.find("trailing"), std::string::npos) << text;
    EXPECT_EQ(text.find("unknown"), std::string::npos) << text;
  }
}

TEST(GoldenTest, TextIsThatOfScampersOwnTool) {
  for (const Recording& r : kRecordings) {
    std::string text;
    for (const std::string& bytes :
         SplitRecords(ReadRecording(r.version, absl::StrCat(r.type, ".warts")))) {
      text += Text(ReadOk(bytes));
    }
    EXPECT_EQ(text, ReadRecording(r.version, absl::StrCat(r.type, ".txt"))) << r.version;
  }
}

// The lines of that type of a JSON file.
std::vector<Struct> JsonOf(const std::string& version, const std::string& type) {
  std::vector<Struct> lines;
  for (absl::string_view line :
       absl::StrSplit(ReadRecording(version, type + ".json"), '\n', absl::SkipEmpty())) {
    // The tool puts no comma between the addresses of probe_tsps.
    const std::string repaired = absl::StrReplaceAll(line, {{"\"\"", "\",\""}});
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(repaired, &parsed).ok()) << line;
    if (parsed.fields().at("type").string_value() == type) lines.push_back(parsed);
  }
  return lines;
}

std::vector<v1::Record> RecordsOf(const std::string& version, const std::string& type,
                                  v1::Record::KindCase kind) {
  std::vector<v1::Record> records;
  for (const std::string& bytes : SplitRecords(ReadRecording(version, type + ".warts"))) {
    v1::Record record = ReadOk(bytes);
    if (record.kind_case() == kind) records.push_back(std::move(record));
  }
  return records;
}

double Number(const Struct& json, const std::string& name, double otherwise = 0) {
  const auto found = json.fields().find(name);
  return found == json.fields().end() ? otherwise : found->second.number_value();
}

bool Has(const Struct& json, const std::string& name) { return json.fields().contains(name); }

double Millis(const google::protobuf::Duration& duration) {
  return static_cast<double>(Micros(duration)) / 1000;
}

void ExpectStatistics(const Struct& json, const v1::Ping& ping) {
  const v1::PingSummary& summary = ping.summary();
  EXPECT_EQ(Number(json, "replies"), summary.nreplies());
  EXPECT_EQ(Number(json, "ndups"), summary.ndups());
  EXPECT_EQ(Number(json, "nerrs"), summary.nerrs());
  EXPECT_EQ(Has(json, "loss"), ping.probe_count() > 0);
  if (ping.probe_count() == 0) return;
  EXPECT_NEAR(Number(json, "loss"), static_cast<double>(summary.nloss()) / ping.probe_count(),
              0.0051);
  EXPECT_EQ(Has(json, "min"), summary.has_min_rtt());
  EXPECT_NEAR(Number(json, "min"), Millis(summary.min_rtt()), 1e-9);
  EXPECT_NEAR(Number(json, "max"), Millis(summary.max_rtt()), 1e-9);
  EXPECT_NEAR(Number(json, "avg"), Millis(summary.avg_rtt()), 1e-9);
  EXPECT_NEAR(Number(json, "stddev"), Millis(summary.stddev_rtt()), 1e-9);
}

void ExpectReply(const Struct& json, const v1::PingReply& reply) {
  const v1::PingReplySummary& summary = reply.summary();
  EXPECT_EQ(json.fields().at("from").string_value(), reply.src());
  EXPECT_EQ(Number(json, "seq") + 1, summary.attempt());
  EXPECT_NEAR(Number(json, "rtt"), Millis(reply.rtt()), 1e-9);
  const std::string proto = json.fields().at("reply_proto").string_value();
  EXPECT_EQ(proto, summary.proto() == 6 ? "tcp" : summary.proto() == 17 ? "udp" : "icmp");
  if (summary.has_reply_ipid()) {
    EXPECT_EQ(Number(json, "reply_ipid"), summary.reply_ipid());
  }
  EXPECT_EQ(Has(json, "rx"), summary.has_rx());
  if (!summary.has_rx()) return;
  const Struct& rx = json.fields().at("rx").struct_value();
  EXPECT_EQ(Number(rx, "sec"), static_cast<double>(summary.rx().seconds()));
  EXPECT_EQ(Number(rx, "usec"), summary.rx().nanos() / 1000);
}

TEST(GoldenTest, PingSummariesAreThoseOfScampersOwnTool) {
  for (const char* version : kVersions) {
    const std::vector<Struct> lines = JsonOf(version, "ping");
    const std::vector<v1::Record> records = RecordsOf(version, "ping", v1::Record::kPing);
    ASSERT_EQ(lines.size(), records.size());
    for (size_t i = 0; i < lines.size(); ++i) {
      const v1::Ping& ping = records[i].ping();
      SCOPED_TRACE(absl::StrCat(version, " ping ", i, " to ", ping.dst()));
      ExpectStatistics(lines[i].fields().at("statistics").struct_value(), ping);
      EXPECT_EQ(Number(lines[i], "sport", -1),
                ping.summary().has_probe_sport() ? ping.summary().probe_sport() : -1.0);
      EXPECT_EQ(Number(lines[i], "tcp_ack", -1),
                ping.summary().has_probe_tcp_ack() ? ping.summary().probe_tcp_ack() : -1.0);
      EXPECT_EQ(Number(lines[i], "timeout") + Number(lines[i], "timeout_us") / 1e6,
                Millis(ping.summary().wait_timeout()) / 1000);
      EXPECT_EQ(Number(lines[i], "wait") + Number(lines[i], "wait_us") / 1e6,
                Millis(ping.wait_probe()) / 1000);
      const auto& replies = lines[i].fields().at("responses").list_value();
      ASSERT_EQ(replies.values_size(), ping.replies_size());
      for (int j = 0; j < ping.replies_size(); ++j)
        ExpectReply(replies.values(j).struct_value(), ping.replies(j));
    }
  }
}

// A number of the summary against the one that the tool prints, where it prints it.
void ExpectNumber(const Struct& json, const std::string& name, bool has, uint32_t value) {
  if (has && Has(json, name)) {
    EXPECT_EQ(Number(json, name), value) << name;
  }
}

#define EXPECT_SUMMARY(json, name, summary, field) \
  ExpectNumber(json, name, (summary).has_##field(), (summary).field())

void ExpectHop(const Struct& json, const v1::TraceHop& hop) {
  const v1::TraceHopSummary& summary = hop.summary();
  EXPECT_EQ(json.fields().at("addr").string_value(), hop.src());
  EXPECT_EQ(Number(json, "probe_ttl"), hop.probe_ttl());
  EXPECT_EQ(Number(json, "probe_id"), summary.attempt());
  EXPECT_NEAR(Number(json, "rtt"), Millis(hop.rtt()), 1e-9);
  EXPECT_SUMMARY(json, "reply_ttl", summary, reply_ttl);
  EXPECT_SUMMARY(json, "reply_tos", summary, reply_tos);
  EXPECT_SUMMARY(json, "reply_size", summary, reply_size);
  EXPECT_SUMMARY(json, "reply_ipid", summary, reply_ipid);
  EXPECT_SUMMARY(json, "icmp_q_ttl", summary, icmp_q_ttl);
  EXPECT_SUMMARY(json, "icmp_q_ipl", summary, icmp_q_ipl);
  EXPECT_SUMMARY(json, "icmp_q_tos", summary, icmp_q_tos);
  EXPECT_SUMMARY(json, "icmp_nhmtu:", summary, icmp_nhmtu);
  EXPECT_SUMMARY(json, "tcp_flags", summary, tcp_flags);
  if (summary.has_reply_size()) {
    EXPECT_EQ(Has(json, "icmp_q_ttl"), summary.has_icmp_q_ttl());
  }
  EXPECT_EQ(Has(json, "tcp_flags"), summary.has_tcp_flags());
}

TEST(GoldenTest, TraceSummariesAreThoseOfScampersOwnTool) {
  for (const char* version : kVersions) {
    const std::vector<Struct> lines = JsonOf(version, "trace");
    const std::vector<v1::Record> records = RecordsOf(version, "trace", v1::Record::kTrace);
    ASSERT_EQ(lines.size(), records.size());
    for (size_t i = 0; i < lines.size(); ++i) {
      const v1::Trace& trace = records[i].trace();
      SCOPED_TRACE(absl::StrCat(version, " trace ", i, " to ", trace.dst()));
      EXPECT_EQ(Number(lines[i], "hop_count"), trace.summary().stop_hop());
      EXPECT_EQ(static_cast<uint32_t>(trace.summary().path_size()), trace.summary().hop_count());
      EXPECT_SUMMARY(lines[i], "sport", trace.summary(), probe_sport);
      EXPECT_SUMMARY(lines[i], "dport", trace.summary(), probe_dport);
      EXPECT_SUMMARY(lines[i], "icmp_sum", trace.summary(), probe_icmp_sum);
      // The tool prints the hops up to the stop hop.
      if (!Has(lines[i], "hops")) continue;
      const auto& hops = lines[i].fields().at("hops").list_value();
      ASSERT_LE(hops.values_size(), trace.hops_size());
      for (int j = 0; j < hops.values_size(); ++j)
        ExpectHop(hops.values(j).struct_value(), trace.hops(j));
    }
  }
}

}  // namespace
}  // namespace scamper::records
