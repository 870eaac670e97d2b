// SPDX-License-Identifier: Apache-2.0
// What the tests of all commands share: parameters from text, fields set by number
// of their descriptor, words of a command line.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "scamper/v1/task.pb.h"
#include "server/records/registry.h"

namespace scamper::records {

inline constexpr int kNewest = 0;
inline constexpr int kDebian = 20211212;

inline v1::Measurement MeasurementOf(absl::string_view kind, absl::string_view text) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(absl::StrCat(kind, " { ", text, " }"),
                                                            &measurement))
      << text;
  return measurement;
}

// The least that the kind takes, as text of its parameters.
inline std::string BaseOf(absl::string_view kind) {
  const std::map<absl::string_view, const char*> bases = {
      {"dns", "qname: 'example.test'"},
      {"http", "dst: '192.0.2.1' url: 'http://a/'"},
      {"udpprobe", "dst: '192.0.2.1' dport: 7 payload: 'a'"},
      {"sniff", "src: '192.0.2.1' icmp_id: 1"},
      {"neighbourdisc", "dst: '192.0.2.1' ifname: 'e0'"},
      {"ally", "dst1: '192.0.2.1' dst2: '192.0.2.2'"},
      {"radargun", "addrs: '192.0.2.1' addrs: '192.0.2.2'"},
      {"prefixscan", "near: '192.0.2.1' far: '192.0.2.2' prefixlen: 30"},
      {"bump", "probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' }"},
      {"midarest", "addrs: '192.0.2.1' probedefs {} probedefs { method: 1 }"},
      {"midardisc",
       "probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } "
       "schedule { end: 1 } schedule { start { seconds: 1 } end: 1 }"},
  };
  const auto base = bases.find(kind);
  return base == bases.end() ? "dst: '192.0.2.1'" : base->second;
}

// The parameter message of the measurement's kind.
inline google::protobuf::Message* MutableParameters(v1::Measurement* measurement,
                                                    absl::string_view kind) {
  return measurement->GetReflection()->MutableMessage(
      measurement, measurement->GetDescriptor()->FindFieldByName(std::string(kind)));
}

// "field: description" of each violation.
inline std::vector<std::string> ViolationsOf(const v1::Measurement& measurement) {
  std::vector<std::string> texts;
  for (const FieldViolation& violation : Validate(measurement)) {
    texts.push_back(absl::StrCat(violation.field, ": ", violation.description));
  }
  return texts;
}

// The command, or "CODE: message" where there is none.
inline std::string CommandOf(const v1::Measurement& measurement, int version) {
  const absl::StatusOr<std::string> command = Command(measurement, version);
  return command.ok() ? *command : command.status().ToString();
}

// Each measurement of `make(parameters)` is refused before that version, with the text that says
// so, and has a command from then on.
template <typename Make>
void ExpectNeeds(const std::vector<std::pair<std::string, int>>& rows, Make make,
                 const std::string& base = "dst: '192.0.2.1'") {
  for (const auto& [parameters, since] : rows) {
    SCOPED_TRACE(parameters);
    const v1::Measurement measurement = make(absl::StrCat(base, " ", parameters));
    EXPECT_THAT(ViolationsOf(measurement), testing::IsEmpty());
    EXPECT_TRUE(Command(measurement, since).ok()) << parameters;
    EXPECT_TRUE(Command(measurement, kNewest).ok()) << parameters;
    EXPECT_EQ(Command(measurement, since - 1).status().code(),
              absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(CommandOf(measurement, since - 1),
                testing::HasSubstr(absl::StrCat(" needs scamper ", since,
                                                " or newer, the instance has ", since - 1)));
  }
}

// Addresses that differ, for i up to 65535.
inline std::string DistinctAddress(int64_t i) {
  return absl::StrCat("10.0.", i / 256, ".", i % 256);
}

// Gives the field that value: a number, an enum's number, true for 1, microseconds, or so
// many bytes, characters or addresses.
inline void SetField(google::protobuf::Message* message,
                     const google::protobuf::FieldDescriptor* field, int64_t value) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = message->GetReflection();
  if (field->is_repeated()) {
    for (int64_t i = 0; i < value; ++i) reflection->AddString(message, field, DistinctAddress(i));
    return;
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->SetUInt32(message, field, static_cast<uint32_t>(value));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(message, field, static_cast<int32_t>(value));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(message, field, value != 0);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(message, field, static_cast<int>(value));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->SetString(message, field, std::string(value, 'a'));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      auto* child = reflection->MutableMessage(message, field);
      const auto* first = child->GetDescriptor()->field(0);
      if (first->is_repeated()) return SetField(child, first, value);
      child->GetReflection()->SetInt64(child, first, value / 1000000);
      child->GetReflection()->SetInt32(child, child->GetDescriptor()->field(1),
                                       static_cast<int32_t>(value % 1000000 * 1000));
      return;
    }
    default:
      ADD_FAILURE() << field->full_name() << " has a type that this test cannot set";
  }
}

// A field, what else it needs, the least and the greatest value that it takes, what those put
// into the command, and the words for the range. What else it needs is added to the least that the
// kind takes, or stands for it where it has a destination.
struct Boundary {
  const char* field;
  const char* with;
  int64_t min;
  int64_t max;
  const char* at_min;
  const char* at_max;
  const char* range;
};

// The command of the field at that value; the violations where there are any.
inline std::string CommandAt(const char* kind, const Boundary& row, int64_t value) {
  const std::string base = absl::StrContains(row.with, "dst:") ? "" : BaseOf(kind);
  v1::Measurement measurement = MeasurementOf(kind, absl::StrCat(base, " ", row.with));
  auto* parameters = MutableParameters(&measurement, kind);
  const auto* field = parameters->GetDescriptor()->FindFieldByName(row.field);
  if (field == nullptr) return absl::StrCat("no field ", row.field);
  SetField(parameters, field, value);
  const auto violations = ViolationsOf(measurement);
  return violations.empty() ? CommandOf(measurement, kNewest) : absl::StrJoin(violations, "\n");
}

// Whether the type of the field can hold the value.
inline bool Holds(const google::protobuf::FieldDescriptor* field, int64_t value) {
  using google::protobuf::FieldDescriptor;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return value == 0 || value == 1;
    case FieldDescriptor::CPPTYPE_UINT32:
      return value >= 0 && value <= UINT32_MAX;
    case FieldDescriptor::CPPTYPE_INT32:
      return value >= INT32_MIN && value <= INT32_MAX;
    case FieldDescriptor::CPPTYPE_STRING:
      return value >= (field->is_repeated() ? 1 : 0);
    default:
      return true;
  }
}

inline void ExpectBoundary(const char* kind, const google::protobuf::Descriptor& descriptor,
                           const Boundary& row) {
  using ::testing::HasSubstr;
  const auto* field = descriptor.FindFieldByName(row.field);
  ASSERT_NE(field, nullptr) << row.field;
  SCOPED_TRACE(row.field);
  EXPECT_THAT(absl::StrCat(CommandAt(kind, row, row.min), " "), HasSubstr(row.at_min));
  EXPECT_THAT(absl::StrCat(CommandAt(kind, row, row.max), " "), HasSubstr(row.at_max));
  for (const int64_t value : {row.min - 1, row.max + 1}) {
    if (!Holds(field, value)) continue;
    const std::string outcome = CommandAt(kind, row, value);
    EXPECT_THAT(outcome, HasSubstr(absl::StrCat(kind, ".", row.field)));
    EXPECT_THAT(outcome, HasSubstr(row.range)) << value;
  }
}

// A recorded command, the same measurement as parameters, and what is sent for it to the newest
// scamper and to 20211212, or the version that it needs.
struct Golden {
  const char* recorded;
  const char* parameters;
  const char* newest;
  const char* debian;
};

// Microseconds of a bare number behind the option; 0 where it is no time.
inline double UnitOf(const std::string& command, const std::string& option) {
  static const std::map<std::string, double> units = {
      {"ping -i", 1e6},    {"ping -W", 1e6},    {"trace -w", 1e6},    {"trace -W", 1e4},
      {"trace -H", 1e6},   {"tracelb -w", 1e6}, {"tracelb -W", 1e4},  {"host -W", 1e6},
      {"http -m", 1e6},    {"sniff -G", 1e6},   {"udpprobe -w", 1e6}, {"udpprobe -W", 1e6},
      {"dealias -w", 1e6}, {"dealias -W", 1e3}, {"dealias -r", 1e3},  {"neighbourdisc -w", 1e3},
  };
  const auto unit = units.find(absl::StrCat(command, " ", option));
  return unit == units.end() ? 0 : unit->second;
}

// The words of the command in order, without what may differ in it: times are microseconds, quotes
// are left out.
inline std::vector<std::string> SortedWords(absl::string_view command) {
  const std::string plain = absl::StrReplaceAll(command, {{"'", ""}, {"\"", ""}});
  std::vector<std::string> words = absl::StrSplit(plain, ' ');
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    double unit = UnitOf(words[0], words[i]);
    if (unit == 0) continue;
    absl::string_view text = words[i + 1];
    if (absl::ConsumeSuffix(&text, "us")) {
      unit = 1;
    } else if (absl::ConsumeSuffix(&text, "ms")) {
      unit = 1000;
    } else if (absl::ConsumeSuffix(&text, "s")) {
      unit = 1000000;
    }
    double number = 0;
    EXPECT_TRUE(absl::SimpleAtod(text, &number)) << command;
    words[i + 1] = absl::StrCat(static_cast<int64_t>(number * unit + 0.5));
  }
  std::sort(words.begin(), words.end());
  return words;
}

inline void ExpectGolden(const char* kind, const Golden& row) {
  SCOPED_TRACE(row.recorded);
  const v1::Measurement measurement = MeasurementOf(kind, row.parameters);
  EXPECT_THAT(ViolationsOf(measurement), ::testing::IsEmpty());
  EXPECT_EQ(CommandOf(measurement, kNewest), row.newest);
  EXPECT_EQ(SortedWords(row.newest), SortedWords(row.recorded));
  if (absl::StartsWith(row.debian, "needs ")) {
    EXPECT_EQ(Command(measurement, kDebian).status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(CommandOf(measurement, kDebian), ::testing::HasSubstr(row.debian));
  } else {
    EXPECT_EQ(CommandOf(measurement, kDebian), row.debian);
  }
}

// Every field of the message has one row of either table.
inline void ExpectEveryFieldCovered(const google::protobuf::Descriptor& descriptor,
                                    const std::vector<std::string>& covered) {
  std::vector<std::string> fields;
  for (int i = 0; i < descriptor.field_count(); ++i) fields.push_back(descriptor.field(i)->name());
  EXPECT_THAT(covered, ::testing::UnorderedElementsAreArray(fields));
}

}  // namespace scamper::records
