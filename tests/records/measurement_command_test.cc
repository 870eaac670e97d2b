// SPDX-License-Identifier: Apache-2.0
// What holds for the commands of all kinds of measurement: every kind has its row, and no
// text of a request can change the words of a command.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

// Versions that read quotes and times differently.
constexpr int kVersions[] = {kNewest, 20240117, 20230224, kDebian};

// The words as scamper splits them; nothing where it would not understand the quotes.
std::optional<std::vector<std::string>> Words(const std::string& command, int version) {
  const bool escapes = version == kNewest || version >= 20240117;
  std::vector<std::string> words;
  size_t i = 0;
  while (i < command.size()) {
    if (command[i] == ' ') {
      ++i;
      continue;
    }
    std::string word;
    if (command[i] == '\'' || command[i] == '"') {
      const char quote = command[i++];
      while (i < command.size() && command[i] != quote) {
        if (escapes && command[i] == '\\') {
          ++i;
          if (i == command.size() || (command[i] != '\\' && command[i] != quote)) return {};
        }
        word += command[i++];
      }
      if (i++ == command.size()) return {};
    } else {
      while (i < command.size() && command[i] != ' ') word += command[i++];
    }
    words.push_back(word);
  }
  return words;
}

// Texts that try to leave their place.
std::vector<std::string> Attempts() {
  using std::string_literals::operator""s;
  return {
      "",
      " ",
      "\n",
      "\r",
      "\t",
      "\0"s,
      "\x7f",
      "'",
      "\"",
      "\\",
      "\\'",
      "'\\",
      "'\"",
      "-",
      "-1",
      "--",
      "-O raw",
      "' -O raw '",
      "\" -O raw \"",
      "\\' -O raw \\'",
      "' -O raw \"",
      "192.0.2.1 ",
      " 192.0.2.1",
      "192.0.2.1 -c 9",
      "192.0.2.1\n",
      "192.0.2.1\r\n",
      "192.0.2.1\nshutdown now\n",
      "192.0.2.1\0"s,
      "192.0.2.1\0halt 1"s,
      "192.0.2.1\t",
      "192.0.2.1%eth0",
      "fe80::1%eth0",
      "192.0.2.1,192.0.2.2",
      "192.0.2.1/24",
      "192.0.2.01",
      "127.1",
      "2130706433",
      "0x7f000001",
      "::ffff:192.0.2.1",
      "[2001:db8::1]",
      "localhost",
      "None",
      "192.0.2.1\xc3\xa9",
      "\xef\xbc\x91\xef\xbc\x92.0.2.1",
      "\xff\xfe",
      "a\n-O raw",
      "$(id)",
      "`id`",
      ";id",
      "%s%n",
      std::string(255, '\\'),
      std::string(300, 'x'),
      std::string(100000, '\''),
  };
}

// A field that holds text, and the messages on the way to it.
struct TextField {
  std::string path;
  std::vector<const FieldDescriptor*> steps;
};

void CollectTextFields(const Descriptor& descriptor, const TextField& above,
                       std::vector<TextField>* out) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    TextField found = above;
    found.path += absl::StrCat(".", field->name());
    found.steps.push_back(field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) out->push_back(found);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ASSERT_FALSE(field->is_repeated()) << field->full_name() << ": extend this test";
      CollectTextFields(*field->message_type(), found, out);
    }
  }
}

std::vector<TextField> TextFields() {
  std::vector<TextField> fields;
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const FieldDescriptor* kind = kinds->field(i);
    CollectTextFields(*kind->message_type(), {kind->name(), {kind}}, &fields);
  }
  return fields;
}

// A valid measurement of the field's kind with that text in the field.
v1::Measurement WithText(const TextField& field, const std::string& text) {
  v1::Measurement measurement = MeasurementOf(field.steps[0]->name(), "dst: '192.0.2.1'");
  Message* message = &measurement;
  for (const FieldDescriptor* step : field.steps) {
    const auto* reflection = message->GetReflection();
    if (step->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      message = reflection->MutableMessage(message, step);
    } else if (step->is_repeated()) {
      reflection->AddString(message, step, text);
    } else {
      reflection->SetString(message, step, text);
    }
  }
  return measurement;
}

enum class Treatment {
  kAddress,    // Refused unless it is an address.
  kHexDigits,  // Refused unless it is hexadecimal.
  kBytes,      // Any bytes, sent as hexadecimal digits.
  kQuoted,     // Printable ASCII, sent as one quoted word.
};

// Every text field must be here: say how a new one is kept in its place.
const std::map<std::string, Treatment> kTreatments = {
    {"trace.dst", Treatment::kAddress},      {"trace.payload", Treatment::kBytes},
    {"trace.rtr", Treatment::kAddress},      {"trace.src", Treatment::kAddress},
    {"trace.gss", Treatment::kAddress},      {"trace.lss", Treatment::kQuoted},
    {"ping.dst", Treatment::kAddress},       {"ping.payload", Treatment::kBytes},
    {"ping.rtr", Treatment::kAddress},       {"ping.src", Treatment::kAddress},
    {"ping.pattern", Treatment::kHexDigits}, {"ping.tsprespec.addrs", Treatment::kAddress},
};

bool IsPrintableAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// The words that the command has with a harmless text in the field, and that text.
std::string Harmless(Treatment treatment) {
  return treatment == Treatment::kAddress ? "192.0.2.9" : "ab";
}

// Texts of the list that are what the field is for.
bool IsFit(Treatment treatment, const std::string& text) {
  switch (treatment) {
    case Treatment::kAddress:
      return false;
    case Treatment::kHexDigits:
      return text == "2130706433";
    case Treatment::kBytes:
      return !text.empty() && text.size() <= 1000;
    case Treatment::kQuoted:
      return !text.empty() && text.size() <= 255 && IsPrintableAscii(text);
  }
  return false;
}

// The word that the text must become.
std::string Argument(Treatment treatment, const std::string& text) {
  if (treatment != Treatment::kBytes) return text;
  std::string hex;
  for (const unsigned char c : text) {
    hex += "0123456789abcdef"[c / 16];
    hex += "0123456789abcdef"[c % 16];
  }
  return hex;
}

// The command has the words of the harmless one, with the text in its place.
void ExpectSameWords(const TextField& field, Treatment treatment, const std::string& text,
                     int version) {
  const v1::Measurement measurement = WithText(field, text);
  const auto command = Command(measurement, version);
  if (!command.ok()) {
    EXPECT_TRUE(treatment == Treatment::kQuoted && version != kNewest && version < 20240117 &&
                absl::StrContains(text, "'") && absl::StrContains(text, "\""))
        << command.status();
    EXPECT_EQ(command.status().code(), absl::StatusCode::kFailedPrecondition);
    return;
  }
  EXPECT_TRUE(IsPrintableAscii(*command));
  auto words = Words(CommandOf(WithText(field, Harmless(treatment)), version), version);
  ASSERT_TRUE(words.has_value());
  std::replace(words->begin(), words->end(), Argument(treatment, Harmless(treatment)),
               Argument(treatment, text));
  EXPECT_EQ(Words(*command, version), words) << *command;
}

TEST(MeasurementCommandTest, EveryTextFieldHasATreatment) {
  std::vector<std::string> paths;
  for (const TextField& field : TextFields()) paths.push_back(field.path);
  std::vector<std::string> treated;
  for (const auto& [path, treatment] : kTreatments) treated.push_back(path);
  EXPECT_THAT(paths, UnorderedElementsAreArray(treated));
}

TEST(MeasurementCommandTest, NoTextLeavesItsPlace) {
  for (const TextField& field : TextFields()) {
    const auto treatment = kTreatments.find(field.path);
    ASSERT_NE(treatment, kTreatments.end()) << field.path;
    for (const std::string& text : Attempts()) {
      SCOPED_TRACE(absl::StrCat(field.path, " <", text.substr(0, 40), ">"));
      const auto violations = ViolationsOf(WithText(field, text));
      if (IsFit(treatment->second, text)) {
        EXPECT_THAT(violations, IsEmpty());
        for (const int version : kVersions) {
          ExpectSameWords(field, treatment->second, text, version);
        }
      } else {
        ASSERT_EQ(violations.size(), 1u);
        EXPECT_TRUE(absl::StartsWith(violations[0], field.path)) << violations[0];
        EXPECT_TRUE(IsPrintableAscii(violations[0]));
        EXPECT_LT(violations[0].size(), 300u);
      }
    }
  }
}

TEST(MeasurementCommandTest, EveryByteOfAPayloadAndEveryPrintableOfANameIsSent) {
  for (const TextField& field : TextFields()) {
    const Treatment treatment = kTreatments.at(field.path);
    if (treatment != Treatment::kBytes && treatment != Treatment::kQuoted) continue;
    for (int byte = 0; byte < 256; ++byte) {
      const std::string text = absl::StrCat("a", std::string(1, static_cast<char>(byte)), "b");
      const bool fit = IsFit(treatment, text);
      EXPECT_EQ(Validate(WithText(field, text)).empty(), fit) << field.path << " " << byte;
      for (const int version : kVersions) {
        if (fit) ExpectSameWords(field, treatment, text, version);
      }
    }
  }
}

TEST(MeasurementCommandTest, EveryKindHasItsRow) {
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string& name = kinds->field(i)->name();
    EXPECT_THAT(ViolationsOf(MeasurementOf(name, "")),
                ElementsAre(absl::StrCat(name, ".dst: must be an IPv4 or IPv6 address, is ''")));
    EXPECT_EQ(CommandOf(MeasurementOf(name, "dst: '192.0.2.1'"), kNewest),
              absl::StrCat(name, " 192.0.2.1"));
  }
}

TEST(MeasurementCommandTest, MeasurementOfNothingIsRefused) {
  EXPECT_THAT(ViolationsOf(v1::Measurement()),
              ElementsAre("kind: must say what to measure, e.g. ping"));
}

}  // namespace
}  // namespace scamper::records
