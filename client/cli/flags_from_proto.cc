// SPDX-License-Identifier: Apache-2.0
#include "client/cli/flags_from_proto.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/duration_text.h"
#include "client/cli/proto_comments.h"
#include "server/base/hex.h"

namespace scamper::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsDuration(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field->message_type()->full_name() == "google.protobuf.Duration";
}

// The only field of a message that is no more than a list; null for others.
const FieldDescriptor* ListInside(const FieldDescriptor* field) {
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) return nullptr;
  const Descriptor* type = field->message_type();
  if (type->field_count() != 1 || !type->field(0)->is_repeated()) return nullptr;
  return type->field(0)->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? nullptr : type->field(0);
}

// What stands for the value; nothing where no flag can express it.
std::optional<std::string> Placeholder(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
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
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetDuration(field, text, message);
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
    if (field->name() == "dst" || !value) continue;
    const bool repeatable = field->is_repeated() || ListInside(field) != nullptr;
    flags.push_back({field, FlagName(field->name()), *std::move(value), repeatable, Help(field)});
  }
  return flags;
}

absl::Status SetParameter(const FieldDescriptor* field, const std::vector<std::string>& values,
                          Message* parameters) {
  absl::Status status = CheckOneof(field, *parameters);
  if (!status.ok()) return status;
  const Reflection* reflection = parameters->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection->SetBool(parameters, field, true);
    return absl::OkStatus();
  }
  Message* message = parameters;
  if (const FieldDescriptor* inside = ListInside(field)) {
    message = reflection->MutableMessage(parameters, field);
    field = inside;
  }
  const std::vector<std::string> items = field->is_repeated() ? SplitList(values) : values;
  if (items.empty()) return absl::InvalidArgumentError("needs a value");
  for (const std::string& item : items) {
    status = SetOne(field, item, message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace scamper::cli
