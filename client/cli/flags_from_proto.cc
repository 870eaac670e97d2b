// SPDX-License-Identifier: Apache-2.0
#include "client/cli/flags_from_proto.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/cli/duration_text.h"
#include "client/cli/proto_comments.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/base/hex.h"

namespace scamper::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Names of fields that are arguments.
constexpr std::string_view kArguments[] = {"dst", "qname", "dst1", "dst2", "near", "far", "addrs"};

bool IsArgument(const FieldDescriptor* field) {
  return std::find(std::begin(kArguments), std::end(kArguments), field->name()) !=
         std::end(kArguments);
}

bool IsOfType(const FieldDescriptor* field, std::string_view type) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field->message_type()->full_name() == type;
}

bool IsDuration(const FieldDescriptor* field) {
  return IsOfType(field, "google.protobuf.Duration");
}

bool IsTimestamp(const FieldDescriptor* field) {
  return IsOfType(field, "google.protobuf.Timestamp");
}

// Absent, false and true are three things.
bool IsOptionalBool(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && field->has_optional_keyword();
}

bool IsListOfMessages(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field->is_repeated();
}

// A message of a name and a value, written "NAME: VALUE".
bool IsHeader(const Descriptor* type) {
  return type->field_count() == 2 && type->field(0)->name() == "name" &&
         type->field(1)->name() == "value" &&
         type->field(0)->type() == FieldDescriptor::TYPE_STRING &&
         type->field(1)->type() == FieldDescriptor::TYPE_STRING;
}

// The only field of a message that is no more than a list; null for others.
const FieldDescriptor* ListInside(const FieldDescriptor* field) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) return nullptr;
  const Descriptor* type = field->message_type();
  if (type->field_count() != 1 || !type->field(0)->is_repeated()) return nullptr;
  return type->field(0)->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? nullptr : type->field(0);
}

std::optional<std::string> Placeholder(const FieldDescriptor* field);

// What stands for one message of a list.
std::optional<std::string> MessagePlaceholder(const Descriptor* type) {
  if (IsHeader(type)) return "'NAME: VALUE'";
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool flat = !field->is_repeated() && ListInside(field) == nullptr;
    if (!flat || Placeholder(field).value_or("").empty()) return std::nullopt;
  }
  return "KEY=VALUE[,KEY=VALUE]";
}

// What stands for the value; nothing where no flag can express it.
std::optional<std::string> Placeholder(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (IsOptionalBool(field)) return "BOOL";
      return field->is_repeated() ? std::nullopt : std::optional<std::string>("");
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "N";
    case FieldDescriptor::CPPTYPE_STRING:
      return field->type() == FieldDescriptor::TYPE_BYTES ? "HEX" : "TEXT";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::AsciiStrToUpper(field->name());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsDuration(field) && !field->is_repeated()) return "DURATION";
      if (IsTimestamp(field) && !field->is_repeated()) return "TIME";
      if (field->is_repeated()) return MessagePlaceholder(field->message_type());
      return ListInside(field) != nullptr ? Placeholder(ListInside(field)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::vector<std::string> EnumTexts(const EnumDescriptor* type) {
  std::vector<std::string> texts;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) texts.push_back(EnumText(type->value(i)));
  }
  return texts;
}

// Names of fields become those of their flags.
std::string WithFlagNames(const std::string& text, const Descriptor* parameters) {
  std::vector<std::string> words = absl::StrSplit(text, ' ');
  for (std::string& word : words) {
    const size_t end = word.find_last_not_of(".,;:)");
    const std::string name = word.substr(0, end == std::string::npos ? 0 : end + 1);
    if (!absl::StrContains(name, '_') || parameters->FindFieldByName(name) == nullptr) continue;
    word = FlagName(name) + word.substr(name.size());
  }
  return absl::StrJoin(words, " ");
}

std::string Help(const FieldDescriptor* field) {
  std::string help = WithFlagNames(CommentOf(field), field->containing_type());
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    absl::StrAppend(&help, help.empty() ? "" : " ",
                    "One of: ", absl::StrJoin(EnumTexts(field->enum_type()), ", "), ".");
  }
  if (IsListOfMessages(field) && !IsHeader(field->message_type())) {
    absl::StrAppend(&help, help.empty() ? "" : " ", "Keys:");
    for (int i = 0; i < field->message_type()->field_count(); ++i) {
      const FieldDescriptor* key = field->message_type()->field(i);
      absl::StrAppend(&help, i == 0 ? " " : "; ", absl::StrReplaceAll(key->name(), {{"_", "-"}}),
                      " ", Help(key));
    }
  }
  return help;
}

template <typename Number>
absl::StatusOr<Number> ParseNumber(const std::string& text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  return absl::InvalidArgumentError(
      absl::StrCat("must be a whole number within ", std::numeric_limits<Number>::min(), " - ",
                   std::numeric_limits<Number>::max(), ", is '", text, "'"));
}

absl::StatusOr<const EnumValueDescriptor*> ParseEnum(const FieldDescriptor* field,
                                                     const std::string& text) {
  const EnumDescriptor* type = field->enum_type();
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0 && EnumText(type->value(i)) == text) return type->value(i);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("must be one of ", absl::StrJoin(EnumTexts(type), ", "), ", is '", text, "'"));
}

absl::StatusOr<std::string> ParseString(const FieldDescriptor* field, const std::string& text) {
  if (field->type() != FieldDescriptor::TYPE_BYTES) return text;
  std::optional<std::string> bytes = base::HexDecode(text);
  if (bytes) return *std::move(bytes);
  return absl::InvalidArgumentError(
      absl::StrCat("must be hexadecimal, two digits a byte, is '", text, "'"));
}

template <typename Value>
using Setter = void (Reflection::*)(Message*, const FieldDescriptor*, Value) const;

template <typename Parsed, typename Value>
absl::Status Store(absl::StatusOr<Parsed> parsed, const FieldDescriptor* field, Message* message,
                   Setter<Value> set, Setter<Value> add) {
  if (!parsed.ok()) return parsed.status();
  (message->GetReflection()->*(field->is_repeated() ? add : set))(message, field,
                                                                  *std::move(parsed));
  return absl::OkStatus();
}

absl::StatusOr<bool> ParseBool(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return absl::InvalidArgumentError(absl::StrCat("must be true or false, is '", text, "'"));
}

// Seconds since 1970, as a duration is written, or RFC 3339.
absl::StatusOr<google::protobuf::Timestamp> ParseTimestamp(const std::string& text) {
  google::protobuf::Timestamp timestamp;
  if (const auto since = ParseDuration(text); since.ok()) {
    timestamp.set_seconds(since->seconds());
    timestamp.set_nanos(since->nanos());
    return timestamp;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "must be seconds since 1970 or a time such as 2026-11-25T01:30:00Z, is '", text, "'"));
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Status SetTimestamp(const FieldDescriptor* field, const std::string& text, Message* message) {
  absl::StatusOr<google::protobuf::Timestamp> time = ParseTimestamp(text);
  if (!time.ok()) return time.status();
  message->GetReflection()->MutableMessage(message, field)->CopyFrom(*time);
  return absl::OkStatus();
}

absl::Status SetOne(const FieldDescriptor* field, const std::string& text, Message* message);

absl::Status SetHeader(const std::string& text, Message* message) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("must be NAME: VALUE, is '", text, "'"));
  }
  const std::string value(absl::StripLeadingAsciiWhitespace(text.substr(colon + 1)));
  const auto* type = message->GetDescriptor();
  message->GetReflection()->SetString(message, type->field(0), text.substr(0, colon));
  message->GetReflection()->SetString(message, type->field(1), value);
  return absl::OkStatus();
}

// Sets the fields of the message from "KEY=VALUE,KEY=VALUE".
absl::Status SetFields(const std::string& text, Message* message) {
  for (const std::string& item : SplitList({text})) {
    const size_t equals = item.find('=');
    const std::string key = item.substr(0, equals);
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(absl::StrReplaceAll(key, {{"-", "_"}}));
    if (equals == std::string::npos || field == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "must be KEY=VALUE with commas, of the keys listed in --help, has '", item, "'"));
    }
    const absl::Status status = SetOne(field, item.substr(equals + 1), message);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(key, " ", status.message()));
    }
  }
  return absl::OkStatus();
}

absl::Status AddMessage(const FieldDescriptor* field, const std::string& text, Message* message) {
  Message* added = message->GetReflection()->AddMessage(message, field);
  return IsHeader(field->message_type()) ? SetHeader(text, added) : SetFields(text, added);
}

absl::Status SetDuration(const FieldDescriptor* field, const std::string& text, Message* message) {
  absl::StatusOr<google::protobuf::Duration> duration = ParseDuration(text);
  if (!duration.ok()) return duration.status();
  message->GetReflection()->MutableMessage(message, field)->CopyFrom(*duration);
  return absl::OkStatus();
}

// Sets the field to the value, or appends it to a repeated field.
absl::Status SetOne(const FieldDescriptor* field, const std::string& text, Message* message) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Store<int32_t, int32_t>(ParseNumber<int32_t>(text), field, message,
                                     &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Store<int64_t, int64_t>(ParseNumber<int64_t>(text), field, message,
                                     &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Store<uint32_t, uint32_t>(ParseNumber<uint32_t>(text), field, message,
                                       &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Store<uint64_t, uint64_t>(ParseNumber<uint64_t>(text), field, message,
                                       &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_STRING:
      return Store<std::string, std::string>(ParseString(field, text), field, message,
                                             &Reflection::SetString, &Reflection::AddString);
    case FieldDescriptor::CPPTYPE_ENUM:
      return Store<const EnumValueDescriptor*, const EnumValueDescriptor*>(
          ParseEnum(field, text), field, message, &Reflection::SetEnum, &Reflection::AddEnum);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Store<bool, bool>(ParseBool(text), field, message, &Reflection::SetBool,
                               &Reflection::AddBool);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->is_repeated()) return AddMessage(field, text, message);
      return IsTimestamp(field) ? SetTimestamp(field, text, message)
                                : SetDuration(field, text, message);
    default:
      return absl::InvalidArgumentError("cannot be given here");
  }
}

absl::Status CheckOneof(const FieldDescriptor* field, const Message& message) {
  const auto* oneof = field->real_containing_oneof();
  if (oneof == nullptr) return absl::OkStatus();
  const FieldDescriptor* other = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
  if (other == nullptr || other == field) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("cannot be given together with ", FlagName(other->name())));
}

}  // namespace

std::string FlagName(std::string_view field) {
  if (field == "server") return "--dns-server";  // The program has a --server of its own.
  return absl::StrCat(
      "--", absl::StrReplaceAll(absl::string_view(field.data(), field.size()), {{"_", "-"}}));
}

std::string EnumText(const EnumValueDescriptor* value) {
  constexpr std::string_view kZero = "UNSPECIFIED";
  const EnumValueDescriptor* zero = value->type()->FindValueByNumber(0);
  std::string_view name = value->name();
  if (zero != nullptr) {
    std::string_view prefix = zero->name();
    if (prefix.ends_with(kZero)) {
      prefix.remove_suffix(kZero.size());
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    }
  }
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::string_view(name.data(), name.size())),
                             {{"_", "-"}});
}

std::vector<std::string> SplitList(const std::vector<std::string>& values) {
  std::vector<std::string> all;
  for (const std::string& value : values) {
    for (absl::string_view item : absl::StrSplit(value, ',', absl::SkipEmpty())) {
      all.emplace_back(item);
    }
  }
  return all;
}

std::vector<ParameterFlag> ParameterFlags(const Descriptor* parameters) {
  std::vector<ParameterFlag> flags;
  for (int i = 0; i < parameters->field_count(); ++i) {
    const FieldDescriptor* field = parameters->field(i);
    std::optional<std::string> value = Placeholder(field);
    if (IsArgument(field) || !value) continue;
    const bool repeatable = field->is_repeated() || ListInside(field) != nullptr;
    const bool list = repeatable && !IsListOfMessages(field);
    flags.push_back(
        {field, FlagName(field->name()), *std::move(value), repeatable, list, Help(field)});
  }
  return flags;
}

std::vector<const FieldDescriptor*> ArgumentFields(const Descriptor* parameters) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < parameters->field_count(); ++i) {
    if (IsArgument(parameters->field(i))) fields.push_back(parameters->field(i));
  }
  return fields;
}

absl::Status SetParameter(const FieldDescriptor* field, const std::vector<std::string>& values,
                          Message* parameters) {
  absl::Status status = CheckOneof(field, *parameters);
  if (!status.ok()) return status;
  const Reflection* reflection = parameters->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !IsOptionalBool(field)) {
    reflection->SetBool(parameters, field, true);
    return absl::OkStatus();
  }
  Message* message = parameters;
  if (const FieldDescriptor* inside = ListInside(field)) {
    message = reflection->MutableMessage(parameters, field);
    field = inside;
  }
  const bool list = field->is_repeated() && !IsListOfMessages(field);
  const std::vector<std::string> items = list ? SplitList(values) : values;
  if (items.empty()) return absl::InvalidArgumentError("needs a value");
  for (const std::string& item : items) {
    status = SetOne(field, item, message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace scamper::cli
