// SPDX-License-Identifier: Apache-2.0
// What holds for the commands of all kinds of measurement: every kind has its row, and no
// text of a request can change the words of a command.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
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

enum class Treatment {
  kAddress,      // Refused unless it is an address.
  kForbidden,    // Refused in the measurement.
  kHexDigits,    // Refused unless it is hexadecimal.
  kBytes,        // Any bytes, sent as hexadecimal digits.
  kCookie,       // The same, of certain lengths only.
  kBase64,       // Any bytes, sent so.
  kQuoted,       // Printable ASCII, sent as one quoted word.
  kInterface,    // The same without space and '/', and short.
  kUrl,          // The path of a URL is like kQuoted.
  kHeaderName,   // Sent as part of a quoted word.
  kHeaderValue,  // The same.
  kHostName,     // Refused unless it is a host name, sent as it is.
  kSubnet,       // Refused unless it is a prefix.
};

struct Rule {
  Treatment treatment;
  // Where the field needs others than the least that its kind takes.
  std::string base = {};
};

const char kTwoDsts[] = "probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' }";
const char kHeader[] = "dst: '192.0.2.1' url: 'http://a/' headers { name: 'n' value: 'v' }";

// Every text field must be here: say how a new one is kept in its place.
const std::map<std::string, Rule> kRules = {
    {"trace.dst", {Treatment::kAddress}},
    {"trace.payload", {Treatment::kBytes}},
    {"trace.rtr", {Treatment::kAddress}},
    {"trace.src", {Treatment::kAddress}},
    {"trace.gss", {Treatment::kAddress}},
    {"trace.lss", {Treatment::kQuoted}},
    {"ping.dst", {Treatment::kAddress}},
    {"ping.payload", {Treatment::kBytes}},
    {"ping.rtr", {Treatment::kAddress}},
    {"ping.src", {Treatment::kAddress}},
    {"ping.pattern", {Treatment::kHexDigits}},
    {"ping.tsprespec.addrs", {Treatment::kAddress}},
    {"tracelb.dst", {Treatment::kAddress}},
    {"tracelb.rtr", {Treatment::kAddress}},
    {"dns.qname", {Treatment::kHostName}},
    {"dns.server", {Treatment::kAddress}},
    {"dns.ecs", {Treatment::kSubnet}},
    {"http.dst", {Treatment::kAddress}},
    {"http.url", {Treatment::kUrl}},
    {"http.headers.name", {Treatment::kHeaderName, kHeader}},
    {"http.headers.value", {Treatment::kHeaderValue, kHeader}},
    {"http.ech_config_list", {Treatment::kBase64, "dst: '192.0.2.1' url: 'https://a/'"}},
    {"udpprobe.dst", {Treatment::kAddress}},
    {"udpprobe.payload", {Treatment::kBytes}},
    {"udpprobe.src", {Treatment::kAddress}},
    {"sniff.src", {Treatment::kAddress}},
    {"neighbourdisc.dst", {Treatment::kAddress}},
    {"neighbourdisc.ifname", {Treatment::kInterface}},
    {"neighbourdisc.src", {Treatment::kAddress, "dst: '2001:db8::1' ifname: 'e0'"}},
    {"tbit.dst", {Treatment::kAddress}},
    {"tbit.url", {Treatment::kUrl}},
    {"tbit.cookie", {Treatment::kCookie}},
    {"tbit.ptbsrc", {Treatment::kAddress}},
    {"tbit.src", {Treatment::kAddress}},
    {"owamp.dst", {Treatment::kAddress}},
    {"mercator.dst", {Treatment::kAddress}},
    {"mercator.probedefs.dst", {Treatment::kForbidden}},
    {"ally.dst1", {Treatment::kAddress}},
    {"ally.dst2", {Treatment::kAddress}},
    {"ally.probedefs.dst", {Treatment::kAddress, kTwoDsts}},
    {"radargun.addrs", {Treatment::kAddress}},
    {"radargun.probedefs.dst", {Treatment::kAddress, kTwoDsts}},
    {"prefixscan.near", {Treatment::kAddress}},
    {"prefixscan.far", {Treatment::kAddress}},
    {"prefixscan.probedefs.dst", {Treatment::kForbidden}},
    {"bump.probedefs.dst", {Treatment::kAddress}},
    {"midarest.addrs", {Treatment::kAddress}},
    {"midarest.probedefs.dst", {Treatment::kForbidden}},
    {"midardisc.probedefs.dst", {Treatment::kAddress}},
};

// A valid measurement of the field's kind with that text in the field; of a list in its first item.
v1::Measurement WithText(const TextField& field, const Rule& rule, const std::string& text) {
  const std::string& kind = field.steps[0]->name();
  v1::Measurement measurement = MeasurementOf(kind, rule.base.empty() ? BaseOf(kind) : rule.base);
  Message* message = &measurement;
  for (const FieldDescriptor* step : field.steps) {
    const auto* reflection = message->GetReflection();
    if (step->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      if (step->is_repeated()) {
        reflection->AddString(message, step, text);
      } else {
        reflection->SetString(message, step, text);
      }
    } else if (!step->is_repeated()) {
      message = reflection->MutableMessage(message, step);
    } else if (reflection->FieldSize(*message, step) > 0) {
      message = reflection->MutableRepeatedMessage(message, step, 0);
    } else {
      message = reflection->AddMessage(message, step);
    }
  }
  return measurement;
}

bool IsPrintableAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool HasNone(const std::string& text, const char* characters) {
  return text.find_first_of(characters) == std::string::npos;
}

// A harmless text for the field.
std::string Harmless(Treatment treatment) {
  switch (treatment) {
    case Treatment::kAddress:
      return "192.0.2.9";
    case Treatment::kSubnet:
      return "192.0.2.9/24";
    case Treatment::kCookie:
      return "abcd";
    case Treatment::kUrl:
      return "http://a/b";
    default:
      return "ab";
  }
}

// What is put into the field to try the text.
std::string Attempted(Treatment treatment, const std::string& text) {
  return treatment == Treatment::kUrl ? absl::StrCat("http://a/", text) : text;
}

// Letters, digits, '-', '_' and '.', and not '-' first; all there is of names in Attempts().
bool IsHostName(const std::string& text) {
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
             std::string::npos &&
         !text.empty() && text[0] != '-' && text.size() < 64;
}

// Texts that are what the field is for.
bool IsFit(Treatment treatment, const std::string& text) {
  const size_t size = text.size();
  const bool printable = size > 0 && IsPrintableAscii(text);
  switch (treatment) {
    case Treatment::kAddress:
    case Treatment::kForbidden:
      return false;
    case Treatment::kHexDigits:
      return text == "2130706433";
    case Treatment::kBytes:
      return size > 0 && size <= 1000;
    case Treatment::kCookie:
      return size == 4 || size == 8 || size == 12 || size == 16;
    case Treatment::kBase64:
      return size > 0 && size <= 65535;
    case Treatment::kQuoted:
      return printable && size <= 255;
    case Treatment::kInterface:
      return printable && size <= 15 && HasNone(text, " /");
    case Treatment::kUrl:
      return printable;
    case Treatment::kHeaderName:
      return printable && HasNone(text, " :");
    case Treatment::kHeaderValue:
      return printable && text[0] != ' ';
    case Treatment::kHostName:
      return IsHostName(text);
    case Treatment::kSubnet:
      return text == "192.0.2.1/24";
  }
  return false;
}

// The word that the text must become.
std::string Argument(Treatment treatment, const std::string& text) {
  switch (treatment) {
    case Treatment::kBytes:
    case Treatment::kCookie: {
      std::string hex;
      for (const unsigned char c : text) {
        hex += "0123456789abcdef"[c / 16];
        hex += "0123456789abcdef"[c % 16];
      }
      return hex;
    }
    case Treatment::kBase64:
      return absl::StrCat("ecl=", absl::Base64Escape(text));
    case Treatment::kHeaderName:
      return absl::StrCat(text, ": v");
    case Treatment::kHeaderValue:
      return absl::StrCat("n: ", text);
    case Treatment::kSubnet:
      return absl::StrCat("subnet=", text);
    default:
      return text;
  }
}

// The command has the words of the one with a harmless text, with the text in its place; a version
// that takes neither is right, too.
void ExpectSameWords(const TextField& field, const Rule& rule, const std::string& text,
                     int version) {
  const auto harmless = Command(WithText(field, rule, Harmless(rule.treatment)), version);
  const auto command = Command(WithText(field, rule, text), version);
  if (!harmless.ok() || !command.ok()) {
    EXPECT_TRUE(!harmless.ok() || (version != kNewest && version < 20240117 &&
                                   absl::StrContains(text, "'") && absl::StrContains(text, "\"")))
        << command.status();
    EXPECT_EQ(command.status().code(), absl::StatusCode::kFailedPrecondition);
    return;
  }
  EXPECT_TRUE(IsPrintableAscii(*command));
  auto words = Words(*harmless, version);
  ASSERT_TRUE(words.has_value());
  const std::string was = Argument(rule.treatment, Harmless(rule.treatment));
  EXPECT_EQ(std::count(words->begin(), words->end(), was), 1) << *harmless;
  std::replace(words->begin(), words->end(), was, Argument(rule.treatment, text));
  EXPECT_EQ(Words(*command, version), words) << *command;
}

TEST(MeasurementCommandTest, EveryTextFieldHasATreatment) {
  std::vector<std::string> paths;
  for (const TextField& field : TextFields()) paths.push_back(field.path);
  std::vector<std::string> treated;
  for (const auto& [path, rule] : kRules) treated.push_back(path);
  EXPECT_THAT(paths, UnorderedElementsAreArray(treated));
}

TEST(MeasurementCommandTest, NoTextLeavesItsPlace) {
  for (const TextField& field : TextFields()) {
    const auto rule = kRules.find(field.path);
    ASSERT_NE(rule, kRules.end()) << field.path;
    const Treatment treatment = rule->second.treatment;
    for (const std::string& attempt : Attempts()) {
      SCOPED_TRACE(absl::StrCat(field.path, " <", attempt.substr(0, 40), ">"));
      const std::string text = Attempted(treatment, attempt);
      const auto violations = ViolationsOf(WithText(field, rule->second, text));
      if (IsFit(treatment, text)) {
        EXPECT_THAT(violations, IsEmpty());
        for (const int version : kVersions) ExpectSameWords(field, rule->second, text, version);
      } else {
        ASSERT_EQ(violations.size(), 1u);
        EXPECT_TRUE(absl::StartsWith(absl::StrReplaceAll(violations[0], {{"[0]", ""}}), field.path))
            << violations[0];
        EXPECT_TRUE(IsPrintableAscii(violations[0]));
        EXPECT_LT(violations[0].size(), 300u);
      }
    }
  }
}

TEST(MeasurementCommandTest, EveryByteThatAFieldIsForIsSent) {
  for (const TextField& field : TextFields()) {
    const Rule& rule = kRules.at(field.path);
    for (int byte = 0; byte < 256; ++byte) {
      const std::string text = Attempted(
          rule.treatment, absl::StrCat("a", std::string(1, static_cast<char>(byte)), "b"));
      const bool fit = IsFit(rule.treatment, text) || rule.treatment == Treatment::kHexDigits;
      if (rule.treatment == Treatment::kHexDigits && !absl::ascii_isxdigit(byte)) continue;
      EXPECT_EQ(Validate(WithText(field, rule, text)).empty(), fit) << field.path << " " << byte;
      for (const int version : kVersions) {
        if (fit) ExpectSameWords(field, rule, text, version);
      }
    }
  }
}

TEST(MeasurementCommandTest, EveryKindHasItsRow) {
  const std::map<std::string, std::string> least = {
      {"trace", "trace 192.0.2.1"},
      {"ping", "ping 192.0.2.1"},
      {"tracelb", "tracelb 192.0.2.1"},
      {"neighbourdisc", "neighbourdisc -i 'e0' 192.0.2.1"},
      {"tbit", "tbit 192.0.2.1"},
      {"sniff", "sniff -S 192.0.2.1 icmp[icmpid] == 1"},
      {"dns", "host example.test"},
      {"http", "http -u 'http://a/' 192.0.2.1"},
      {"udpprobe", "udpprobe -d 7 -p 61 192.0.2.1"},
      {"owamp", "owamp 192.0.2.1"},
      {"mercator", "dealias -m mercator 192.0.2.1"},
      {"ally", "dealias -m ally 192.0.2.1 192.0.2.2"},
      {"radargun", "dealias -m radargun 192.0.2.1 192.0.2.2"},
      {"prefixscan", "dealias -m prefixscan -p '-P udp' 192.0.2.1 192.0.2.2/30"},
      {"bump", "dealias -m bump -p '-i 192.0.2.1' -p '-i 192.0.2.2'"},
      {"midarest", "dealias -m midarest -p '-P udp' -p '-P icmp-echo' 192.0.2.1"},
      {"midardisc", "dealias -m midardisc -p '-i 192.0.2.1' -p '-i 192.0.2.2' -S 0:0:1 -S 1:0:1"},
  };
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  ASSERT_EQ(static_cast<size_t>(kinds->field_count()), least.size());
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string& name = kinds->field(i)->name();
    const v1::Measurement measurement = MeasurementOf(name, BaseOf(name));
    EXPECT_THAT(ViolationsOf(measurement), IsEmpty()) << name;
    EXPECT_EQ(CommandOf(measurement, kNewest), least.at(name));
    const auto violations = ViolationsOf(MeasurementOf(name, ""));
    ASSERT_FALSE(violations.empty()) << name;
    EXPECT_TRUE(absl::StartsWith(violations[0], absl::StrCat(name, "."))) << violations[0];
    EXPECT_NE(Key(measurement), "") << name;
  }
}

// Kinds whose results do not fit any record, or that share a record with others, would be mixed up.
TEST(MeasurementCommandTest, TheNumberOfAKindIsThatOfItsRecord) {
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const int number = kinds->field(i)->number();
    const int type = number > 90 ? number / 10 : number;
    EXPECT_NE(v1::Record::descriptor()->FindFieldByNumber(type), nullptr) << number;
  }
}

TEST(MeasurementCommandTest, AMeasurementThatAVersionLacksIsRefusedWithTheVersion) {
  const std::vector<std::pair<std::string, int>> since = {{"http", 20240117},
                                                          {"udpprobe", 20240117},
                                                          {"midarest", 20240117},
                                                          {"midardisc", 20240117},
                                                          {"owamp", 20260105}};
  for (const auto& [kind, version] : since) {
    const v1::Measurement measurement = MeasurementOf(kind, BaseOf(kind));
    EXPECT_TRUE(Command(measurement, version).ok()) << kind;
    EXPECT_EQ(CommandOf(measurement, kDebian),
              absl::StrCat("FAILED_PRECONDITION: ", kind, " needs scamper ", version,
                           " or newer, the instance has 20211212"));
  }
}

TEST(MeasurementCommandTest, MeasurementOfNothingIsRefused) {
  EXPECT_THAT(ViolationsOf(v1::Measurement()),
              ElementsAre("kind: must say what to measure, e.g. ping"));
}

TEST(CapabilitiesTest, AreThoseWhoseCommandsTheVersionKnows) {
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  EXPECT_EQ(Capabilities(20260420).size(), static_cast<size_t>(kinds->field_count()));
  EXPECT_THAT(
      Capabilities(kDebian),
      UnorderedElementsAreArray({"trace", "ping", "tracelb", "neighbourdisc", "tbit", "sniff",
                                 "dns", "mercator", "ally", "radargun", "prefixscan", "bump"}));
  for (const auto& [name, dst] : std::map<std::string, std::string>{
           {"dns", "qname"}, {"http", "dst"}, {"udpprobe", "dst"}, {"owamp", "dst"}}) {
    v1::Measurement m;
    Message* parameters =
        m.GetReflection()->MutableMessage(&m, v1::Measurement::descriptor()->FindFieldByName(name));
    parameters->GetReflection()->SetString(
        parameters, parameters->GetDescriptor()->FindFieldByName(dst), "192.0.2.1");
    for (const int version :
         {kDebian, 20230223, 20230224, 20240116, 20240117, 20260104, 20260105}) {
      const std::vector<std::string> able = Capabilities(version);
      const absl::StatusOr<std::string> command = Command(m, version);
      EXPECT_EQ(std::find(able.begin(), able.end(), name) == able.end(),
                absl::StrContains(command.status().message(), absl::StrCat(name, " needs")))
          << name << " " << version << ": " << command.status();
    }
  }
}

}  // namespace
}  // namespace scamper::records
