// SPDX-License-Identifier: Apache-2.0
// Random messages of every kind of record: what is written is read as the same message.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/records/every_flag_testing.h"

namespace scamper::records {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kRecords = 20;
constexpr int kChanges = 60;

// Of the kinds that no recording has, and the least of the others.
constexpr const char* kSeeds[] = {
    "list { warts_id: 1 id: 1 name: 'a' }",
    "cycle_start { warts_id: 1 list_id: 1 id: 1 start { seconds: 1 } }",
    "cycle_definition { warts_id: 1 list_id: 1 id: 1 start { seconds: 1 } }",
    "cycle_stop { cycle_id: 1 stop { seconds: 1 } }",
    "address { check: 1 addr: '192.0.2.1' }",
    "sting { src: '192.0.2.1' dst: '192.0.2.2' packet_count: 1 packets { data: 'a' } }",
    "owamp { src: '192.0.2.1' dst: '192.0.2.2' }",
    "unknown { type: 99 body: 'a' }",
};

// Neither recorded nor known: derived fields, and parameters that were not interpreted.
bool IsOther(const FieldDescriptor* field) {
  return field->name() == "summary" || field->name() == "mpls" || field->name() == "uninterpreted";
}

std::vector<const FieldDescriptor*> FieldsOf(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (!IsOther(field)) fields.push_back(field);
  }
  return fields;
}

// Items without a flag, which are always there in the format.
bool IsFixed(const FieldDescriptor* field) {
  const std::string& type = field->containing_type()->name();
  const int fixed = type == "List" ? 3 : type == "Cycle" ? 4 : type == "CycleStop" ? 2 : 0;
  return type == "DealiasMidardiscRound" || field->number() <= (type == "Address" ? 2 : fixed);
}

v1::Record WithoutOthers(v1::Record record) {
  ForEachMessage(&record, [](Message* message) {
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message->GetDescriptor()->field(i);
      if (IsOther(field)) message->GetReflection()->ClearField(message, field);
    }
  });
  return record;
}

// Changes messages at random, without regard to what the format can hold.
class Changer {
 public:
  explicit Changer(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  // One change somewhere in the record.
  void Change(v1::Record* record) {
    std::vector<Message*> messages;
    ForEachMessage(record, [&](Message* message) {
      if (message != record && !IsTime(*message)) messages.push_back(message);
    });
    Message* message = messages[Below(static_cast<uint32_t>(messages.size()))];
    const std::vector<const FieldDescriptor*> fields = FieldsOf(*message);
    if (fields.empty()) return;
    const FieldDescriptor* field = fields[Below(static_cast<uint32_t>(fields.size()))];
    if (field->is_repeated()) {
      ChangeItems(message, field);
    } else if (Below(4) == 0 && !IsFixed(field)) {
      message->GetReflection()->ClearField(message, field);
    } else {
      Set(message, field);
    }
  }

 private:
  static bool IsTime(const Message& message) {
    return message.GetDescriptor()->file()->package() == "google.protobuf";
  }

  uint32_t Number() {
    constexpr uint32_t kBelow[] = {2, 6, 256, 65536};
    const uint32_t i = Below(5);
    return i < 4 ? Below(kBelow[i]) : static_cast<uint32_t>(random_());
  }

  std::string Text() {
    constexpr const char* kTexts[] = {"192.0.2.1",
                                      "192.0.2.77",
                                      "2001:db8::1",
                                      "fe80::1",
                                      "00:00:5e:00:53:99",
                                      "00:01:02:03:04:05:06:07",
                                      "a",
                                      "gr\xc3\xbc\xc3\x9f \"x\\"};
    return kTexts[Below(std::size(kTexts))];
  }

  // Never empty: empty bytes and none are the same in the format. Never UTF-8, which has fields
  // of its own.
  std::string SomeBytes() {
    std::string bytes(1 + Below(20), '\xff');
    for (size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<char>(1 + Below(255));
    return bytes;
  }

  // Whole units of seconds, 10 ms, milliseconds or microseconds.
  void SetTime(Message* time) {
    constexpr uint32_t kUnits[] = {1, 100, 1000, 1000000};
    const uint32_t unit = kUnits[Below(4)];
    const Reflection* reflection = time->GetReflection();
    reflection->SetInt64(time, time->GetDescriptor()->FindFieldByName("seconds"), Number());
    reflection->SetInt32(time, time->GetDescriptor()->FindFieldByName("nanos"),
                         static_cast<int32_t>(Below(unit) * (1000000000 / unit)));
  }

  // Sets a field, or adds to it.
  void Set(Message* message, const FieldDescriptor* field) {
    const Reflection* reflection = message->GetReflection();
    const bool add = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_UINT32:
        add ? reflection->AddUInt32(message, field, Number())
            : reflection->SetUInt32(message, field, Number());
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection->SetInt32(message, field, static_cast<int32_t>(random_()));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = static_cast<int>(Below(12));
        add ? reflection->AddEnumValue(message, field, value)
            : reflection->SetEnumValue(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection->SetBool(message, field, Below(2) == 0);
        break;
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text =
            field->type() == FieldDescriptor::TYPE_BYTES ? SomeBytes() : Text();
        add ? reflection->AddString(message, field, text)
            : reflection->SetString(message, field, text);
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        Message* inner = add ? reflection->AddMessage(message, field)
                             : reflection->MutableMessage(message, field);
        if (IsTime(*inner)) {
          SetTime(inner);
        } else {
          Fill(inner);
        }
        break;
      }
      default:
        ADD_FAILURE() << field->full_name() << " is of a type that is not filled";
    }
  }

  void Fill(Message* message) {
    for (const FieldDescriptor* field : FieldsOf(*message)) {
      if (IsFixed(field) || Below(2) == 0) Set(message, field);
    }
  }

  // Adds, repeats or removes an item; numbers of the message that may be their count follow.
  void ChangeItems(Message* message, const FieldDescriptor* field) {
    const Reflection* reflection = message->GetReflection();
    const uint32_t before = static_cast<uint32_t>(reflection->FieldSize(*message, field));
    const uint32_t what = Below(3);
    if (what == 0 && before > 0) {
      reflection->RemoveLast(message, field);
    } else if (what == 1 && before > 0 && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int from = static_cast<int>(Below(before));
      const std::unique_ptr<Message> copy(
          reflection->GetRepeatedMessage(*message, field, from).New());
      copy->CopyFrom(reflection->GetRepeatedMessage(*message, field, from));
      reflection->AddMessage(message, field)->CopyFrom(*copy);
    } else {
      Set(message, field);
    }
    const uint32_t after = static_cast<uint32_t>(reflection->FieldSize(*message, field));
    for (const FieldDescriptor* count : FieldsOf(*message)) {
      if (count->is_repeated() || count->cpp_type() != FieldDescriptor::CPPTYPE_UINT32) continue;
      if (reflection->GetUInt32(*message, count) == before && Below(4) != 0)
        reflection->SetUInt32(message, count, after);
    }
  }

  std::mt19937 random_;
};

// By number of the kind.
std::map<int, std::vector<v1::Record>> Seeds() {
  std::map<int, std::vector<v1::Record>> seeds;
  for (const char* text : kSeeds) {
    const v1::Record record = ParseRecord(text);
    seeds[record.kind_case()].push_back(record);
  }
  for (const std::string& bytes : AllRecords()) {
    const v1::Record record = WithoutOthers(ReadOk(bytes));
    seeds[record.kind_case()].push_back(record);
  }
  return seeds;
}

bool IsReadAsWritten(const v1::Record& record, const std::string& bytes) {
  v1::Record again;
  const absl::Status read = Read(bytes, &again);
  EXPECT_TRUE(read.ok()) << read << "\n" << record.DebugString();
  if (!read.ok()) return false;
  again = WithoutOthers(again);
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  const bool same = differencer.Compare(record, again);
  EXPECT_TRUE(same) << difference << record.DebugString();
  return same;
}

TEST(RandomRoundTripTest, EveryKindOfRecordIsReadAsItWasWritten) {
  const std::map<int, std::vector<v1::Record>> seeds = Seeds();
  const auto* kinds = v1::Record::descriptor()->FindOneofByName("kind");
  EXPECT_EQ(seeds.size(), static_cast<size_t>(kinds->field_count()));
  for (const auto& [kind, records] : seeds) {
    Changer changer(static_cast<uint32_t>(kind));
    int written = 0;
    bool same = true;
    for (int i = 0; i < kRecords; ++i) {
      v1::Record record = records[changer.Below(static_cast<uint32_t>(records.size()))];
      for (int j = 0; j < kChanges && same; ++j) {
        v1::Record changed = record;
        changer.Change(&changed);
        const auto bytes = Write(changed);
        if (!bytes.ok()) {
          EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument);
          continue;
        }
        record = changed;
        same = IsReadAsWritten(record, *bytes);
        ++written;
      }
    }
    EXPECT_GT(written, kRecords * kChanges / 5) << "kind " << kind;
  }
}

}  // namespace
}  // namespace scamper::records
