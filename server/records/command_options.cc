// SPDX-License-Identifier: Apache-2.0
#include "server/records/command_options.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/hex.h"

namespace scamper::records {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Violations = std::vector<FieldViolation>;

const FieldDescriptor* Field(const Message& message, int field) {
  return message.GetDescriptor()->FindFieldByNumber(field);
}

uint32_t NumberOf(const Message& message, int field) {
  return message.GetReflection()->GetUInt32(message, Field(message, field));
}

std::string StringOf(const Message& message, int field) {
  return message.GetReflection()->GetString(message, Field(message, field));
}

int64_t SignedOf(const Message& message, int field) {
  return message.GetReflection()->GetInt32(message, Field(message, field));
}

int EnumOf(const Message& message, int field) {
  return message.GetReflection()->GetEnumValue(message, Field(message, field));
}

absl::StatusOr<int64_t> TimeOf(const Message& message, int field) {
  google::protobuf::Duration duration;
  duration.CopyFrom(message.GetReflection()->GetMessage(message, Field(message, field)));
  return Microseconds(duration);
}

google::protobuf::Timestamp TimestampOf(const Message& message, int field) {
  google::protobuf::Timestamp timestamp;
  timestamp.CopyFrom(message.GetReflection()->GetMessage(message, Field(message, field)));
  return timestamp;
}

std::vector<std::string> ListOf(const Message& message, int field) {
  const FieldDescriptor* descriptor = Field(message, field);
  const auto* reflection = message.GetReflection();
  std::vector<std::string> list;
  for (int i = 0; i < reflection->FieldSize(message, descriptor); ++i) {
    list.push_back(reflection->GetRepeatedString(message, descriptor, i));
  }
  return list;
}

const Choice* FindChoice(absl::Span<const Choice> choices, int number) {
  const auto found = std::find_if(choices.begin(), choices.end(),
                                  [number](const Choice& c) { return c.number == number; });
  return found == choices.end() ? nullptr : &*found;
}

absl::string_view NameOf(const Choice& choice) {
  return choice.name.empty() ? choice.word : choice.name;
}

// "a, b or c".
std::string Alternatives(const std::vector<absl::string_view>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : i + 1 == names.size() ? " or " : ", ", names[i]);
  }
  return text;
}

void Add(const Parameters& p, const Option& option, std::string description, Violations* out) {
  out->push_back({FieldPath(p, option.field), std::move(description)});
}

std::optional<bool> DestinationIsIpv6(const Parameters& p) {
  return p.dst.has_value() ? std::optional<bool>(p.dst->v6) : std::nullopt;
}

// Appends " option argument", joined where the option ends in "=".
void AppendOption(const Option& option, absl::string_view argument, std::string* command) {
  absl::StrAppend(command, " ", option.option, absl::EndsWith(option.option, "=") ? "" : " ",
                  argument);
}

absl::Status CheckOldRange(const Parameters& p, const Option& option, int64_t value,
                           absl::string_view shown, int version) {
  const OldRange& old = option.old_range;
  if (version >= old.full_since || (value >= old.min && value <= old.max)) return absl::OkStatus();
  return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " ", shown), old.full_since,
                      version);
}

void CheckTarget(const Parameters& p, const Option& option, Violations* out) {
  const auto address = CheckedAddress(StringOf(p.message, option.field), std::nullopt);
  if (!address.ok()) Add(p, option, std::string(address.status().message()), out);
}

absl::Status AppendTarget(const Parameters&, const Option&, int, std::string*) {
  return absl::OkStatus();
}

void CheckRange(const Parameters& p, const Option& option, int64_t value, Violations* out) {
  if (value >= option.min && value <= option.max) return;
  Add(p, option,
      absl::StrCat("must be within ", option.min, " - ", option.max, option.unit, ", is ", value),
      out);
}

void CheckNumber(const Parameters& p, const Option& option, Violations* out) {
  CheckRange(p, option, NumberOf(p.message, option.field), out);
}

absl::Status AppendNumber(const Parameters& p, const Option& option, int version,
                          std::string* command) {
  const std::string value = absl::StrCat(NumberOf(p.message, option.field));
  AppendOption(option, value, command);
  return CheckOldRange(p, option, NumberOf(p.message, option.field), value, version);
}

void CheckSigned(const Parameters& p, const Option& option, Violations* out) {
  CheckRange(p, option, SignedOf(p.message, option.field), out);
}

absl::Status AppendSigned(const Parameters& p, const Option& option, int, std::string* command) {
  AppendOption(option, absl::StrCat(SignedOf(p.message, option.field)), command);
  return absl::OkStatus();
}

void CheckConfidence(const Parameters& p, const Option& option, Violations* out) {
  const uint32_t confidence = NumberOf(p.message, option.field);
  if (confidence == 95 || confidence == 99) return;
  Add(p, option, absl::StrCat("must be 95 or 99 percent, is ", confidence), out);
}

void CheckFlag(const Parameters&, const Option&, Violations*) {}

absl::Status AppendFlag(const Parameters&, const Option& option, int, std::string* command) {
  absl::StrAppend(command, " ", option.option);
  return absl::OkStatus();
}

void CheckEnum(const Parameters& p, const Option& option, Violations* out) {
  const int number = EnumOf(p.message, option.field);
  if (FindChoice(option.choices, number) != nullptr) return;
  std::vector<absl::string_view> names;
  for (const Choice& choice : option.choices) names.push_back(NameOf(choice));
  Add(p, option, absl::StrCat("must be one of ", Alternatives(names), ", is number ", number), out);
}

absl::Status AppendEnum(const Parameters& p, const Option& option, int version,
                        std::string* command) {
  const Choice* choice = FindChoice(option.choices, EnumOf(p.message, option.field));
  if (choice == nullptr) return absl::InternalError("an enum was not checked");
  AppendOption(option, choice->word, command);
  if (version >= choice->since) return absl::OkStatus();
  return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " ", NameOf(*choice)), choice->since,
                      version);
}

void CheckTime(const Parameters& p, const Option& option, Violations* out) {
  const absl::StatusOr<int64_t> micros = TimeOf(p.message, option.field);
  if (!micros.ok()) {
    Add(p, option, std::string(micros.status().message()), out);
  } else if (*micros < option.min || *micros > option.max) {
    Add(p, option,
        absl::StrCat("must be within ", ShowTime(option.min), " - ", ShowTime(option.max), ", is ",
                     ShowTime(*micros)),
        out);
  } else if (*micros % option.step != 0) {
    Add(p, option,
        absl::StrCat("must be a multiple of ", ShowTime(option.step), ", is ", ShowTime(*micros)),
        out);
  }
}

absl::Status AppendTime(const Parameters& p, const Option& option, int version,
                        std::string* command) {
  const absl::StatusOr<int64_t> micros = TimeOf(p.message, option.field);
  if (!micros.ok()) return absl::InternalError("a time was not checked");
  const int since = TimeSince(*micros, option.old_time);
  if (version < since) {
    return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " of ", ShowTime(*micros)), since,
                        version);
  }
  AppendOption(option, TimeArgument(*micros, option.old_time, version), command);
  return absl::OkStatus();
}

void CheckUnixTime(const Parameters& p, const Option& option, Violations* out) {
  constexpr int64_t kEndOfYear9999 = 253402300799;
  const google::protobuf::Timestamp time = TimestampOf(p.message, option.field);
  const bool valid = time.seconds() >= 0 && time.seconds() <= kEndOfYear9999 && time.nanos() >= 0 &&
                     time.nanos() < 1000000000;
  if (valid && time.nanos() % 1000 == 0) return;
  Add(p, option,
      absl::StrCat(
          valid ? "must be whole microseconds, has " : "must be a time since 1970-01-01, has ",
          time.seconds(), " seconds and ", time.nanos(), " nanos"),
      out);
}

absl::Status AppendUnixTime(const Parameters& p, const Option& option, int, std::string* command) {
  const google::protobuf::Timestamp time = TimestampOf(p.message, option.field);
  AppendOption(option, absl::StrFormat("%d.%06d", time.seconds(), time.nanos() / 1000), command);
  return absl::OkStatus();
}

void CheckAddress(const Parameters& p, const Option& option, Violations* out) {
  const auto address = CheckedAddress(StringOf(p.message, option.field), DestinationIsIpv6(p));
  if (!address.ok()) Add(p, option, std::string(address.status().message()), out);
}

absl::Status AppendAddress(const Parameters& p, const Option& option, int, std::string* command) {
  const auto address = base::ParseIpAddress(StringOf(p.message, option.field));
  if (!address.has_value()) return absl::InternalError("an address was not checked");
  AppendOption(option, base::FormatIpAddress(*address), command);
  return absl::OkStatus();
}

void CheckAddressList(const Parameters& p, const Option& option, Violations* out) {
  const std::vector<std::string> list = ListOf(p.message, option.field);
  const std::string path = FieldPath(p, option.field);
  if (static_cast<int64_t>(list.size()) > option.max) {
    out->push_back(
        {path, absl::StrCat("must be at most ", option.max, " addresses, are ", list.size())});
    return;
  }
  std::set<base::IpAddress> seen;
  for (size_t i = 0; i < list.size(); ++i) {
    const auto address = CheckedAddress(list[i], DestinationIsIpv6(p));
    if (!address.ok()) {
      out->push_back({absl::StrCat(path, "[", i, "]"), std::string(address.status().message())});
    } else if (!seen.insert(*address).second) {
      out->push_back({absl::StrCat(path, "[", i, "]"),
                      absl::StrCat("must be distinct, ", ShowText(list[i]), " is there before")});
    }
  }
}

absl::Status AppendAddressList(const Parameters& p, const Option& option, int,
                               std::string* command) {
  for (const std::string& text : ListOf(p.message, option.field)) {
    const auto address = base::ParseIpAddress(text);
    if (!address.has_value()) return absl::InternalError("an address was not checked");
    AppendOption(option, base::FormatIpAddress(*address), command);
  }
  return absl::OkStatus();
}

void CheckHexBytes(const Parameters& p, const Option& option, Violations* out) {
  const int64_t length = static_cast<int64_t>(StringOf(p.message, option.field).size());
  if (length >= option.min && length <= option.max) return;
  Add(p, option, absl::StrCat("must have ", option.min, " - ", option.max, " bytes, has ", length),
      out);
}

absl::Status AppendHexBytes(const Parameters& p, const Option& option, int, std::string* command) {
  AppendOption(option, base::HexEncode(StringOf(p.message, option.field)), command);
  return absl::OkStatus();
}

void CheckHexDigits(const Parameters& p, const Option& option, Violations* out) {
  const std::string digits = StringOf(p.message, option.field);
  const int64_t length = static_cast<int64_t>(digits.size());
  if (length >= option.min && length <= option.max &&
      std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit)) {
    return;
  }
  Add(p, option,
      absl::StrCat("must be ", option.min, " - ", option.max, " hexadecimal digits, is ",
                   ShowText(digits)),
      out);
}

absl::Status AppendHexDigits(const Parameters& p, const Option& option, int version,
                             std::string* command) {
  const std::string digits = StringOf(p.message, option.field);
  AppendOption(option, digits, command);
  return CheckOldRange(p, option, static_cast<int64_t>(digits.size()),
                       absl::StrCat("of ", digits.size(), " digits"), version);
}

void CheckText(const Parameters& p, const Option& option, Violations* out) {
  const std::string text = StringOf(p.message, option.field);
  const int64_t length = static_cast<int64_t>(text.size());
  if (length >= option.min && length <= option.max && IsPrintable(text)) return;
  Add(p, option,
      absl::StrCat("must be ", option.min, " - ", option.max, " characters of printable ASCII, is ",
                   ShowText(text)),
      out);
}

absl::Status AppendText(const Parameters& p, const Option& option, int version,
                        std::string* command) {
  const auto quoted = QuotedArgument(StringOf(p.message, option.field), version);
  if (!quoted.has_value()) {
    return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " with both ' and \""),
                        kUnitsAndEscapesSince, version);
  }
  AppendOption(option, *quoted, command);
  return absl::OkStatus();
}

// The restrictions that a row puts on the method and the destination.
void CheckFits(const Parameters& p, const Option& option, Violations* out) {
  const Choice* method = FindChoice(p.methods, p.method);
  if (option.methods != 0 && method != nullptr && (option.methods >> p.method & 1) == 0) {
    Add(p, option,
        absl::StrCat("needs method ", MethodList(p, option.methods), ", which is ",
                     NameOf(*method)),
        out);
  }
  if (!p.dst.has_value() || option.family == Family::kAny) return;
  if (p.dst->v6 != (option.family == Family::kIpv6Only)) {
    Add(p, option, absl::StrCat("needs an IPv", p.dst->v6 ? 4 : 6, " destination"), out);
  }
}

}  // namespace

const OptionKind kTarget = {CheckTarget, AppendTarget};
const OptionKind kNumber = {CheckNumber, AppendNumber};
const OptionKind kSigned = {CheckSigned, AppendSigned};
const OptionKind kConfidence = {CheckConfidence, AppendNumber};
const OptionKind kFlag = {CheckFlag, AppendFlag};
const OptionKind kEnum = {CheckEnum, AppendEnum};
const OptionKind kTime = {CheckTime, AppendTime};
const OptionKind kUnixTime = {CheckUnixTime, AppendUnixTime};
const OptionKind kAddress = {CheckAddress, AppendAddress};
const OptionKind kAddressList = {CheckAddressList, AppendAddressList};
const OptionKind kHexBytes = {CheckHexBytes, AppendHexBytes};
const OptionKind kHexDigits = {CheckHexDigits, AppendHexDigits};
const OptionKind kText = {CheckText, AppendText};

bool IsGiven(const Message& message, int field) {
  const FieldDescriptor* descriptor = Field(message, field);
  const auto* reflection = message.GetReflection();
  if (descriptor->is_repeated()) return reflection->FieldSize(message, descriptor) > 0;
  if (descriptor->cpp_type() == FieldDescriptor::CPPTYPE_BOOL &&
      !descriptor->has_optional_keyword()) {
    return reflection->GetBool(message, descriptor);
  }
  return reflection->HasField(message, descriptor);
}

std::string FieldPath(const Parameters& p, int field) {
  return absl::StrCat(p.path, ".", Field(p.message, field)->name());
}

std::string MethodList(const Parameters& p, uint32_t methods) {
  std::vector<absl::string_view> names;
  for (const Choice& choice : p.methods) {
    if (methods >> choice.number & 1) names.push_back(NameOf(choice));
  }
  return Alternatives(names);
}

absl::StatusOr<base::IpAddress> CheckedAddress(absl::string_view text, std::optional<bool> ipv6) {
  const absl::string_view wanted = !ipv6.has_value() ? "IPv4 or IPv6" : *ipv6 ? "IPv6" : "IPv4";
  const auto address = base::ParseIpAddress(text);
  const bool fits = address.has_value() && address->v6 == ipv6.value_or(address->v6);
  if (!fits) {
    return absl::InvalidArgumentError(
        absl::StrCat("must be an ", wanted, " address, is ", ShowText(text)));
  }
  constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address->v6 && std::equal(std::begin(kMapped), std::end(kMapped), address->bytes.begin())) {
    return absl::InvalidArgumentError(
        absl::StrCat("must not be an IPv4-mapped IPv6 address, is ", ShowText(text)));
  }
  return *address;
}

void CheckOptions(const Parameters& p, Violations* violations) {
  for (const Option& option : p.options) {
    const bool always = option.mandatory || option.kind == &kTarget;
    if (!always && !IsGiven(p.message, option.field)) continue;
    option.kind->check(p, option, violations);
    CheckFits(p, option, violations);
  }
}

absl::Status AppendOptions(const Parameters& p, int version, std::string* command) {
  if (version == 0) version = std::numeric_limits<int>::max();
  for (const Option& option : p.options) {
    if (!option.mandatory && !IsGiven(p.message, option.field)) continue;
    if (version < option.since) {
      return NeedsVersion(FieldPath(p, option.field), option.since, version);
    }
    absl::Status status = option.kind->append(p, option, version, command);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> BuildCommand(absl::string_view word, const Parameters& p,
                                         absl::string_view target, int version) {
  if (version != 0 && version < p.since) return NeedsVersion(p.path, p.since, version);
  std::string command(word);
  const absl::Status status = AppendOptions(p, version, &command);
  if (!status.ok()) return status;
  if (!target.empty()) absl::StrAppend(&command, " ", target);
  if (!IsPrintable(command)) return absl::InternalError("a text was not checked");
  return command;
}

absl::StatusOr<std::string> BuildCommand(absl::string_view word, const Parameters& p, int version) {
  if (!p.dst.has_value()) return absl::InternalError("the destination was not checked");
  return BuildCommand(word, p, base::FormatIpAddress(*p.dst), version);
}

absl::Status NeedsVersion(absl::string_view subject, int since, int version) {
  return absl::FailedPreconditionError(
      absl::StrCat(subject, " needs scamper ", since, " or newer, the instance has ", version));
}

}  // namespace scamper::records
