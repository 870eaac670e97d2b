// SPDX-License-Identifier: Apache-2.0
#include "server/files/arts_stream.h"

#include "server/files/convert.h"
#include "server/io/string_io.h"
#include "tests/files/files_testing.h"

namespace scamper::files {
namespace {

using records::Bytes;
using testing::ElementsAre;
using testing::HasSubstr;

// 2001-09-09 01:46:40 UTC.
constexpr char kCreation[] = "0000020d 0000000c 3b9aca00";
// 10.0.0.1 to 10.0.9.9.
constexpr char kEnds[] = "0a000001 0a000909";

struct Object {
  uint32_t version = 3;
  std::string data;
  uint32_t flags = 1;
  std::string attributes = kCreation;
  uint32_t id = kArtsTrace;
};

// The attributes and the data of `object` are hexadecimal.
std::string Arts(const Object& object) {
  const std::string attributes = Bytes(object.attributes);
  const std::string data = Bytes(object.data);
  warts::Writer out;
  out.Bytes(kArtsMagic);
  out.U32(object.id << 4 | object.version);
  out.U32(object.flags);
  out.U16(0);
  out.U32(static_cast<uint32_t>(attributes.size()));
  out.U32(static_cast<uint32_t>(data.size()));
  out.Bytes(attributes);
  out.Bytes(data);
  return std::move(out).Take();
}

// The example of arts-format.md: three hops, then the destination at distance 4.
Object Example() {
  return {3, std::string(kEnds) +
                 "00000007 00000003 0012d687 04 83 0000 37"
                 "01 0a0000fe 000003e8 00  02 0a000101 000007d0 00  03 0a000201 00000bb8 01"};
}

struct Traces {
  std::vector<v1::Trace> traces;
  std::vector<uint64_t> indexes;
  std::vector<SkippedRegion> skipped;
  absl::Status end;
};

Traces ReadArts(const std::string& file, StreamOptions options = {}) {
  Traces all;
  options.on_skipped = [&](const SkippedRegion& region) { all.skipped.push_back(region); };
  ArtsStream stream(std::make_unique<DribblingSource>(file), std::move(options));
  while (true) {
    const auto record = stream.Next();
    all.end = record.status();
    if (!record.ok() || *record == nullptr) break;
    EXPECT_EQ((*record)->type, 6u);
    EXPECT_EQ((*record)->bytes, "");
    all.traces.push_back((*record)->record->trace());
    all.indexes.push_back((*record)->index);
  }
  EXPECT_EQ(stream.Next().status(), all.end);
  return all;
}

v1::Trace TraceOf(const Object& object) {
  const Traces all = ReadArts(Arts(object));
  EXPECT_TRUE(all.end.ok()) << all.end;
  EXPECT_EQ(all.traces.size(), 1u);
  return all.traces.empty() ? v1::Trace() : all.traces[0];
}

std::string ErrorOf(const Object& object) {
  const Traces all = ReadArts(Arts(object));
  EXPECT_EQ(all.end.code(), absl::StatusCode::kDataLoss);
  return std::string(all.end.message());
}

// "TTL address attempt type/code microseconds" of each hop.
std::vector<std::string> Hops(const v1::Trace& trace) {
  std::vector<std::string> all;
  for (const v1::TraceHop& hop : trace.hops()) {
    all.push_back(absl::StrCat(hop.probe_ttl(), " ", hop.src(), " ", hop.summary().attempt(), " ",
                               hop.icmp().type(), "/", hop.icmp().code(), " ",
                               hop.rtt().seconds() * 1000000 + hop.rtt().nanos() / 1000));
  }
  return all;
}

TEST(ArtsStreamTest, WorkedExample) {
  const v1::Trace trace = TraceOf(Example());
  EXPECT_EQ(trace.start().seconds(), 1000000000);
  EXPECT_EQ(trace.src(), "10.0.0.1");
  EXPECT_EQ(trace.dst(), "10.0.9.9");
  EXPECT_EQ(trace.method(), v1::TRACE_METHOD_ICMP);
  EXPECT_EQ(trace.probe_size(), 40u);
  EXPECT_EQ(trace.hop_count(), 4u);
  EXPECT_EQ(trace.stop_reason(), v1::TRACE_STOP_REASON_UNSPECIFIED);
  EXPECT_THAT(Hops(trace), ElementsAre("1 10.0.0.254 0 11/0 1000", "2 10.0.1.1 0 11/0 2000",
                                       "3 10.0.2.1 1 11/0 3000", "4 10.0.9.9 0 0/0 1234567"));
  EXPECT_FALSE(trace.hops(0).summary().has_reply_ttl());
  EXPECT_EQ(trace.hops(0).summary().icmp_q_ttl(), 0u);
  EXPECT_EQ(trace.hops(3).summary().reply_ttl(), 55u);
  EXPECT_EQ(trace.summary().path_size(), 4);
}

TEST(ArtsStreamTest, ListsAndCyclesAreSharedByTheirIds) {
  Object other = Example();
  other.data.replace(other.data.find("00000003"), 8, "00000004");
  Object none = {2, std::string(kEnds) + "00000001 00 00 0000"};
  ArtsStream stream(std::make_unique<DribblingSource>(Arts(Example()) + Arts(other) +
                                                      Arts(Example()) + Arts(none)),
                    {});
  std::vector<const v1::List*> lists;
  std::vector<uint32_t> cycles;
  for (int i = 0; i < 3; ++i) {
    const auto record = stream.Next();
    ASSERT_TRUE(record.ok());
    lists.push_back((*record)->list);
    cycles.push_back((*record)->cycle->id());
    EXPECT_EQ((*record)->list->id(), 7u);
    EXPECT_FALSE((*record)->list->has_name());
    EXPECT_EQ((*record)->record->trace().list_id(), 1u);
    EXPECT_EQ((*record)->record->trace().cycle_id(), (*record)->cycle->warts_id());
    EXPECT_EQ((*record)->cycle_list, (*record)->list);
  }
  EXPECT_THAT(cycles, ElementsAre(3, 4, 3));
  EXPECT_EQ(lists[0], lists[1]);
  const auto record = stream.Next();
  ASSERT_TRUE(record.ok());
  EXPECT_EQ((*record)->list, nullptr);
  EXPECT_EQ((*record)->cycle, nullptr);
  EXPECT_EQ((*record)->record->trace().list_id(), 0u);
}

TEST(ArtsStreamTest, VersionsDifferInWhatTheyHold) {
  // RTT as seconds and microseconds; hops of five bytes.
  const v1::Trace v0 = TraceOf({0, std::string(kEnds) + "00000001 00000005 02 81 01 0a0000fe"});
  EXPECT_THAT(Hops(v0), ElementsAre("1 10.0.0.254 0 11/0 0", "2 10.0.9.9 0 0/0 1000005"));
  EXPECT_EQ(v0.stop_reason(), v1::TRACE_STOP_REASON_COMPLETED);
  EXPECT_FALSE(v0.has_stop_data());
  EXPECT_FALSE(v0.hops(1).summary().has_reply_ttl());
  // Halt fields only where the destination replied; hops of ten bytes.
  const v1::Trace v1 =
      TraceOf({1, std::string(kEnds) + "00000001 00000005 02 81 00 00 01 0a0000fe 000003e8 00", 0});
  EXPECT_THAT(Hops(v1), ElementsAre("1 10.0.0.254 0 11/0 1000", "2 10.0.9.9 0 0/0 1000005"));
  EXPECT_EQ(v1.stop_reason(), v1::TRACE_STOP_REASON_UNSPECIFIED);
  const v1::Trace silent =
      TraceOf({1, std::string(kEnds) + "00000000 00000000 00 01 01 0a0000fe 000003e8 00"});
  EXPECT_THAT(Hops(silent), ElementsAre("1 10.0.0.254 0 11/0 1000"));
  EXPECT_FALSE(silent.has_stop_data());
  // RTT of hops by the header's flag.
  const v1::Trace v2 = TraceOf({2, std::string(kEnds) + "00000309 03 81 03 00 3c 01 0a0000fe", 0});
  EXPECT_THAT(Hops(v2), ElementsAre("1 10.0.0.254 0 11/0 0", "3 10.0.9.9 0 0/0 777"));
  EXPECT_EQ(v2.stop_reason(), v1::TRACE_STOP_REASON_GAPLIMIT);
  // Versions above 3 are read as 3.
  Object v9 = Example();
  v9.version = 9;
  EXPECT_EQ(TraceOf(v9).hops_size(), 4);
}

TEST(ArtsStreamTest, RttOfOldVersionsWrapsAsInScamper) {
  const v1::Trace trace = TraceOf({0, std::string(kEnds) + "000010c7 00000005 01 80"});
  EXPECT_THAT(Hops(trace), ElementsAre("1 10.0.9.9 0 0/0 32709"));
}

TEST(ArtsStreamTest, HopsAreOrderedByTtlThenAttempt) {
  const v1::Trace trace =
      TraceOf({3, std::string(kEnds) +
                      "00000007 00000003 00000309 02 84 0000 37"
                      "02 0a000101 000007d0 01  02 0a000102 000007d0 00  01 0a0000fe 000003e8 00"
                      "02 0a000103 000007d0 00"});
  EXPECT_THAT(Hops(trace), ElementsAre("1 10.0.0.254 0 11/0 1000", "2 10.0.9.9 0 0/0 777",
                                       "2 10.0.1.2 0 11/0 2000", "2 10.0.1.3 0 11/0 2000",
                                       "2 10.0.1.1 1 11/0 2000"));
}

TEST(ArtsStreamTest, DestinationIsAtItsDistanceAlsoWithoutAProbeOfAttemptZero) {
  const v1::Trace trace =
      TraceOf({3, std::string(kEnds) + "00000007 00000003 00000309 02 81 0000 37"
                                       "02 0a000101 000007d0 01"});
  EXPECT_THAT(Hops(trace), ElementsAre("2 10.0.9.9 0 0/0 777", "2 10.0.1.1 1 11/0 2000"));
  // Without a distance there is no place for it.
  const v1::Trace nowhere =
      TraceOf({3, std::string(kEnds) + "00000007 00000003 00000309 00 81 0000 37"
                                       "02 0a000101 000007d0 00"});
  EXPECT_THAT(Hops(nowhere), ElementsAre("2 10.0.1.1 0 11/0 2000"));
}

TEST(ArtsStreamTest, UnreachableIsTheLastReply) {
  const v1::Trace trace =
      TraceOf({3, std::string(kEnds) + "00000007 00000003 00000000 00 02 010d 00"
                                       "02 0a000101 000007d0 00  01 0a0000fe 000003e8 00"});
  EXPECT_EQ(trace.stop_reason(), v1::TRACE_STOP_REASON_UNREACH);
  EXPECT_EQ(trace.stop_data(), 13u);
  EXPECT_THAT(Hops(trace), ElementsAre("1 10.0.0.254 0 11/0 1000", "2 10.0.1.1 0 3/13 2000"));
}

TEST(ArtsStreamTest, UnknownHaltReasonLeavesCompleted) {
  const v1::Trace trace =
      TraceOf({3, std::string(kEnds) + "00000007 00000003 00000001 01 80 0409 37"});
  EXPECT_EQ(trace.stop_reason(), v1::TRACE_STOP_REASON_COMPLETED);
  EXPECT_EQ(trace.stop_data(), 9u);
}

TEST(ArtsStreamTest, TraceWithoutRepliesIsCompleteEarlyAndTheRestIgnored) {
  const v1::Trace trace =
      TraceOf({3, std::string(kEnds) + "00000007 00000003 00000000 05 00 0305 ffffff"});
  EXPECT_EQ(trace.stop_reason(), v1::TRACE_STOP_REASON_GAPLIMIT);
  EXPECT_EQ(trace.hop_count(), 0u);
  EXPECT_EQ(trace.hops_size(), 0);
}

TEST(ArtsStreamTest, UnknownAttributesAndObjectsAreLeftOut) {
  Object other = Example();
  other.id = 0x1234;
  other.data = "ff";
  Object example = Example();
  example.attributes = "00000901 0000000a beef" + std::string(kCreation);
  const Traces all = ReadArts(Arts(other) + Arts(example));
  EXPECT_TRUE(all.end.ok()) << all.end;
  EXPECT_THAT(all.indexes, ElementsAre(1));
  EXPECT_EQ(all.traces[0].start().seconds(), 1000000000);
  example.attributes = "";
  EXPECT_TRUE(TraceOf(example).has_start());
  EXPECT_EQ(TraceOf(example).start().seconds(), 0);
}

TEST(ArtsStreamTest, FilterWithoutTracesDeliversNothingAndDecodesNothing) {
  Object bad = Example();
  bad.data = "00";
  StreamOptions options;
  options.types = {7};
  const Traces all = ReadArts(Arts(bad), options);
  EXPECT_TRUE(all.end.ok()) << all.end;
  EXPECT_TRUE(all.traces.empty());
  options.types = {6, 7};
  EXPECT_EQ(ReadArts(Arts(Example()), options).traces.size(), 1u);
}

TEST(ArtsStreamTest, ErrorsSayWhereAndWhatWasExpected) {
  Object bad = Example();
  bad.attributes = "0000020e 0000000c 3b9aca00";
  EXPECT_EQ(ErrorOf(bad),
            "byte 0, record 0, type 6: arts trace record, offset 20, start: expected a time of "
            "format 13");
  bad.attributes = "0000020d 0000000a 3b9a";
  EXPECT_THAT(ErrorOf(bad), HasSubstr("offset 28, start: expected 4 bytes"));
  for (const char* length : {"00000007", "0000000d"}) {
    bad.attributes = absl::StrCat("0000090d ", length, " 3b9aca00");
    EXPECT_THAT(ErrorOf(bad), HasSubstr("offset 24, attributes: expected an attribute length"));
  }
  bad.attributes = std::string(kCreation) + "0000";
  EXPECT_THAT(ErrorOf(bad), HasSubstr("offset 32, attributes: expected an 8-byte attribute"));
  bad = Example();
  bad.data += "00";
  EXPECT_THAT(ErrorOf(bad), HasSubstr("offset 87, hops: expected the end of the object"));
  bad = Example();
  bad.data.replace(bad.data.find("02 0a000101"), 2, "00");
  EXPECT_THAT(ErrorOf(bad), HasSubstr("hop 1, probe_ttl: expected a TTL"));
  bad.data = "0a0000";
  EXPECT_THAT(ErrorOf(bad), HasSubstr("offset 32, src: expected 4 bytes of an IPv4 address"));
  bad.data = "";
  EXPECT_EQ(ErrorOf(bad), "byte 0, record 0, type 6: expected a data length that is not 0");
}

TEST(ArtsStreamTest, TruncationAtEveryByteGivesAllWholeTracesAndThenTheError) {
  const std::string first = Arts(Example());
  const std::string file = first + first;
  for (size_t cut = 1; cut < file.size(); ++cut) {
    const Traces all = ReadArts(file.substr(0, cut));
    EXPECT_EQ(all.traces.size(), cut / first.size()) << cut;
    EXPECT_EQ(all.end.ok(), cut == first.size()) << cut;
    if (all.end.ok()) continue;
    EXPECT_EQ(all.end.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(all.end.message()),
                HasSubstr(absl::StrCat("byte ", cut / first.size() * first.size(), ", record ",
                                       cut / first.size())));
  }
}

TEST(ArtsStreamTest, FlipOfEveryByteWithRecoveryLosesNoMoreThanItsTrace) {
  const std::string one = Arts(Example());
  const std::string file = one + one + one;
  StreamOptions options;
  options.recover = true;
  for (size_t at = 0; at < file.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      EXPECT_GE(ReadArts(damaged).traces.size(), at / one.size());
      const Traces all = ReadArts(damaged, options);
      EXPECT_TRUE(all.end.ok()) << all.end;
      EXPECT_GE(all.traces.size(), 2u) << at << " " << flip;
      EXPECT_LE(all.skipped.size(), 2u) << at << " " << flip;
    }
  }
}

TEST(ArtsStreamTest, RubbishBetweenTracesIsReported) {
  StreamOptions options;
  options.recover = true;
  const std::string one = Arts(Example());
  const Traces all = ReadArts(one + "rubbish" + one + "\xdf", options);
  EXPECT_EQ(all.traces.size(), 2u);
  ASSERT_EQ(all.skipped.size(), 2u);
  EXPECT_EQ(all.skipped[0].offset, one.size());
  EXPECT_EQ(all.skipped[0].length, 7u);
  EXPECT_EQ(all.skipped[1].length, 1u);
}

std::string ConvertArts(const std::string& file, const OutputKind& output) {
  std::string out;
  Totals totals;
  const absl::Status status =
      Convert(std::make_unique<DribblingSource>(file), {}, std::make_unique<io::StringSink>(&out),
              output, nullptr, &totals);
  EXPECT_TRUE(status.ok()) << status;
  return out;
}

// What sc_warts2text of scamper 20211212 prints.
TEST(ArtsStreamTest, TextIsThatOfScampersOwnTool) {
  const std::string unreached = std::string(kEnds) +
                                "00000007 00000003 00000000 00 02 010d 00"
                                "01 0a0000fe 000003e8 00  02 0a000101 000007d0 00";
  EXPECT_EQ(ConvertArts(Arts(Example()) + Arts({3, unreached}), {Format::kText}),
            "traceroute from 10.0.0.1 to 10.0.9.9\n"
            " 1  10.0.0.254  1.000 ms\n"
            " 2  10.0.1.1  2.000 ms\n"
            " 3  10.0.2.1  3.000 ms\n"
            " 4  10.0.9.9  1234.567 ms\n"
            "traceroute from 10.0.0.1 to 10.0.9.9\n"
            " 1  10.0.0.254  1.000 ms\n"
            " 2  10.0.1.1  2.000 ms !X\n");
}

TEST(ArtsStreamTest, WrittenAsWartsTheTracesAreTheSame) {
  const std::string file = Arts(Example()) + Arts(Example());
  RecordStream stream(std::make_unique<DribblingSource>(ConvertArts(file, {})), {});
  const auto list = stream.Next();
  ASSERT_TRUE(list.ok() && *list != nullptr) << list.status();
  EXPECT_EQ((*list)->record->list().id(), 7u);
  EXPECT_EQ((*list)->record->list().name(), "7");
  const auto cycle = stream.Next();
  ASSERT_TRUE(cycle.ok() && *cycle != nullptr) << cycle.status();
  EXPECT_EQ((*cycle)->record->cycle_definition().id(), 3u);
  for (const v1::Trace& trace : ReadArts(file).traces) {
    const auto record = stream.Next();
    ASSERT_TRUE(record.ok() && *record != nullptr) << record.status();
    EXPECT_EQ((*record)->record->trace().SerializeAsString(), trace.SerializeAsString());
  }
}

}  // namespace
}  // namespace scamper::files
