// SPDX-License-Identifier: Apache-2.0
#include "server/records/registry.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/records/records_testing.h"

namespace scamper::records {
namespace {

using ::testing::HasSubstr;

TEST(RegistryTest, EveryKindOfRecordExceptUnknownIsAType) {
  const auto* kinds = v1::Record::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const auto* field = kinds->field(i);
    if (field->name() == "unknown") continue;
    v1::Record record;
    EXPECT_FALSE(Read(RecordOf(static_cast<uint32_t>(field->number()), ""), &record).ok())
        << field->name();
  }
}

TEST(RegistryTest, UnknownTypesAreKeptWhole) {
  for (const char* body : {"", "00ff8012"}) {
    const std::string bytes = RecordOf(300, Bytes(body));
    const v1::Record record = ReadOk(bytes);
    EXPECT_EQ(record.unknown().type(), 300u);
    EXPECT_EQ(record.unknown().body(), Bytes(body));
    EXPECT_EQ(WriteOk(record), bytes);
  }
}

TEST(RegistryTest, RecordsOfTypeZeroOrWithAnotherLengthAreRefused) {
  v1::Record record;
  EXPECT_THAT(std::string(Read(RecordOf(0, "abc"), &record).message()), HasSubstr("offset 2"));
  EXPECT_THAT(std::string(Read(RecordOf(300, "abc") + "d", &record).message()),
              HasSubstr("expected 3 bytes, found 4"));
  EXPECT_FALSE(Write(v1::Record()).ok());
}

TEST(RegistryTest, NothingOfTheRecordThatTheMessageHeldBeforeIsLeft) {
  v1::Record reused;
  const std::vector<std::string> all = AllRecords();
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_TRUE(Read(all[i], &reused).ok());
    EXPECT_EQ(reused.SerializeAsString(), ReadOk(all[i]).SerializeAsString()) << "record " << i;
  }
}

TEST(RegistryTest, RecordsAreWrittenAlikeWithoutWhatIsDerived) {
  for (const std::string& bytes : AllRecords()) {
    v1::Record record;
    ASSERT_TRUE(Read(bytes, &record, nullptr, Derived::kLeaveOut).ok());
    EXPECT_FALSE(record.trace().has_summary());
    EXPECT_EQ(WriteOk(record), WriteOk(ReadOk(bytes)));
  }
}

TEST(RegistryTest, WriterIsAsItWasWhereARecordCannotBeWritten) {
  warts::Writer writer;
  v1::Record record;
  record.mutable_address()->set_addr("192.0.2.1");
  ASSERT_TRUE(Write(record, writer).ok());
  const std::string one(writer.bytes());
  v1::Record wrong;
  wrong.mutable_trace()->set_dst("192.0.2.1");
  wrong.mutable_trace()->add_hops();
  EXPECT_FALSE(Write(wrong, writer).ok());
  EXPECT_FALSE(Write(v1::Record(), writer).ok());
  EXPECT_EQ(writer.bytes(), one);
  ASSERT_TRUE(Write(record, writer).ok());
  EXPECT_EQ(writer.bytes(), one + one);
}

TEST(RegistryTest, ListAndCycleOfEveryTypeAreReadAndSet) {
  for (const std::string& bytes : AllRecords()) {
    v1::Record record = ReadOk(bytes);
    const auto* kind = record.GetReflection()->GetOneofFieldDescriptor(
        record, v1::Record::descriptor()->FindOneofByName("kind"));
    const auto& message = record.GetReflection()->GetMessage(record, kind);
    const auto* field = kind->message_type()->FindFieldByName("cycle_id");
    const bool has = field != nullptr && message.GetReflection()->HasField(message, field);
    ASSERT_EQ(ReferenceIdsOf(record).cycle_id.has_value(), has) << kind->name();
    if (!has) continue;
    SetReferenceIds({std::nullopt, 77}, &record);
    EXPECT_EQ(message.GetReflection()->GetUInt32(message, field), 77u) << kind->name();
  }
}

// The four records of warts-format.md section 13.
TEST(RegistryTest, WorkedExample) {
  const std::string list =
      Bytes("1205 0001 0000001b 00000001 00000000 64656661756c7400 01 0008 64656661756c7400");
  EXPECT_EQ(ReadOk(list).list().name(), "default");
  EXPECT_EQ(ReadOk(list).list().descr(), "default");
  EXPECT_EQ(WriteOk(ReadOk(list)), list);

  const std::string start =
      Bytes("1205 0002 00000016 00000001 00000001 00000000 6553f100 02 0003 767000");
  EXPECT_EQ(ReadOk(start).cycle_start().hostname(), "vp");
  EXPECT_EQ(ReadOk(start).cycle_start().start().seconds(), 0x6553f100);
  EXPECT_EQ(WriteOk(ReadOk(start)), start);

  const std::string bytes = Bytes(
      "1205 0007 0000004d f3bc61 0026 00000001 00000001 6553f101 0007a120 01 00 0001 0054 01 40 "
      "0001"
      "0401c0000201 0401c0000202 0001 fe9102 001b 033c 0054 0000 00003039 0000 1234 0000000001 "
      "6553f101 0007a184");
  const v1::Record record = ReadOk(bytes);
  const v1::Ping& ping = record.ping();
  EXPECT_EQ(ping.src(), "192.0.2.1");
  EXPECT_EQ(ping.dst(), "192.0.2.2");
  EXPECT_EQ(ping.stop_reason(), v1::PING_STOP_REASON_COMPLETED);
  EXPECT_EQ(ping.start().nanos(), 500000000);
  EXPECT_EQ(ping.wait_probe().seconds(), 1);
  EXPECT_EQ(ping.replies(0).rtt().nanos(), 12345000);
  EXPECT_EQ(ping.replies(0).src(), "192.0.2.2");
  EXPECT_EQ(ping.replies(0).summary().reply_ipid(), 0x1234u);
  EXPECT_EQ(ping.replies(0).summary().rx().nanos(), 512445000);
  EXPECT_EQ(ping.summary().nreplies(), 1u);
  EXPECT_EQ(ping.summary().wait_timeout().seconds(), 1);
  EXPECT_EQ(WriteOk(record), bytes);

  const std::string stop = Bytes("1205 0004 00000009 00000001 6553f164 00");
  EXPECT_EQ(ReadOk(stop).cycle_stop().cycle_id(), 1u);
  EXPECT_EQ(WriteOk(ReadOk(stop)), stop);
}

TEST(RegistryTest, AddressRecordsRoundTripInAllFamilies) {
  for (const char* body : {"01 01 c0000201", "00 02 20010db8000000000000000000000001",
                           "fe 03 00005e005399", "02 04 0001020304050607"}) {
    const std::string bytes = RecordOf(5, Bytes(body));
    EXPECT_EQ(WriteOk(ReadOk(bytes)), bytes) << body;
  }
  EXPECT_EQ(ReadOk(RecordOf(5, Bytes("fe 03 00005e005399"))).address().addr(), "00:00:5e:00:53:99");
  v1::Record record;
  EXPECT_FALSE(Read(RecordOf(5, Bytes("01 01 c00002")), &record).ok());
  EXPECT_FALSE(Read(RecordOf(5, Bytes("01 05 c0000201")), &record).ok());
}

// A ping of an old writer: destination and reply by number of an address record.
TEST(RegistryTest, FileAddressesAreResolvedWhereTheFileIsKnown) {
  const std::string bytes = RecordOf(7, Bytes("88 80 01 0006 00000002 0001 0001 01 0004 00000002"));
  v1::Record record;
  EXPECT_THAT(std::string(Read(bytes, &record).message()),
              HasSubstr("dst: expected the number of an address record"));
  warts::AddressTable addresses;
  addresses.Add(*warts::ParseAddress("192.0.2.1"));
  EXPECT_FALSE(Read(bytes, &record, &addresses).ok());
  addresses.Add(*warts::ParseAddress("2001:db8::1"));
  ASSERT_TRUE(Read(bytes, &record, &addresses).ok());
  EXPECT_EQ(record.ping().dst(), "2001:db8::1");
  EXPECT_EQ(record.ping().replies(0).src(), "2001:db8::1");
  // Written with addresses of its own, which no other record is needed for.
  const v1::Record again = ReadOk(WriteOk(record));
  EXPECT_EQ(again.ping().dst(), "2001:db8::1");
  EXPECT_EQ(again.ping().replies(0).src(), "2001:db8::1");
}

TEST(RegistryTest, AddressesAreThoseOfTheRecordOnceInOrder) {
  v1::Record record;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(ping {
             src: "10.0.0.1"
             dst: "2001:db8::1"
             rtr: "fe80::1"
             tsps: "192.0.2.7"
             replies { src: "2001:db8::1" record_route: "192.0.2.7" record_route: "192.0.2.8" }
           })pb",
      &record));
  std::vector<std::string> texts;
  for (const v1::AddressInfo& info : Addresses(record)) texts.push_back(info.addr());
  EXPECT_EQ(texts, (std::vector<std::string>{"10.0.0.1", "2001:db8::1", "192.0.2.7", "fe80::1",
                                             "192.0.2.8"}));
  const v1::AddressInfo info = Addresses(record)[0];
  EXPECT_EQ(info.packed(), std::string("\x0a\0\0\x01", 4));
  EXPECT_EQ(info.family(), v1::ADDRESS_FAMILY_IPV4);
  EXPECT_TRUE(info.rfc1918());
  EXPECT_TRUE(info.reserved());
  EXPECT_TRUE(Addresses(record)[3].linklocal());
}

TEST(RegistryTest, ValuesThatTheFormatCannotHoldAreRefusedByName) {
  const struct {
    const char* record;
    const char* message;
  } kCases[] = {
      {"ping { dst: '192.0.2.1' ttl: 256 }", "ping record, ttl: must be within 0 - 255"},
      {"ping { dst: '192.0.2.1' sport: 65536 }", "ping record, sport: must be within 0 - 65535"},
      {"ping { dst: 'x' }", "ping record, dst: is no address"},
      {"ping { ttl: 1 }", "ping record, dst: must be present"},
      {"ping { dst: '192.0.2.1' probe_count: 1 replies { src: '::1' rtt { seconds: 4295 } } }",
       "ping record, reply 0, rtt: must be whole microseconds within 0 - 4294.967295 s"},
      {"ping { dst: '192.0.2.1' replies { src: '::1' } }",
       "ping record, reply 0, probe_id: must be below probe_count"},
      {"ping { dst: '192.0.2.1' start { nanos: 1 } }",
       "ping record, start: must be whole microseconds from 1970 to 2106"},
      {"ping { dst: '192.0.2.1' method: PING_METHOD_UNSPECIFIED }",
       "ping record, method: must be a method"},
      {"ping { dst: '192.0.2.1' errmsg: 'a\\0b' }",
       "ping record, errmsg: must not hold a zero byte"},
      {"trace { dst: '192.0.2.1' wait_probe { nanos: 5000000 } }",
       "trace record, wait_probe: must be a multiple of 10 ms within 0 - 2.55 s"},
      {"trace { dst: '192.0.2.1' hops { src: '::1' } }",
       "trace record, hop 0, probe_ttl: must be within 1 - 255"},
      {"trace { dst: '192.0.2.1' pmtud { notes { hop: 0 } } }",
       "trace record, pmtud note 0, hop: must be the index of a path MTU hop"},
      {"list { id: 1 }", "list record, name: must be present"},
  };
  for (const auto& c : kCases) {
    v1::Record record;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(c.record, &record)) << c.record;
    const auto bytes = Write(record);
    EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument) << c.record;
    EXPECT_EQ(bytes.status().message(), c.message);
  }
}

TEST(RegistryTest, ATraceAttributeBeyond4095BytesIsRefused) {
  v1::Record record;
  record.mutable_trace()->set_dst("192.0.2.1");
  auto* attribute = record.mutable_trace()->add_unknown_attributes();
  attribute->set_type(9);
  attribute->set_body(std::string(4095, 'x'));
  EXPECT_EQ(ReadOk(WriteOk(record)).trace().unknown_attributes(0).body(), attribute->body());
  attribute->set_body(std::string(4096, 'x'));
  EXPECT_THAT(std::string(Write(record).status().message()),
              HasSubstr("unknown_attributes: must be at most 4095"));
}

}  // namespace
}  // namespace scamper::records
