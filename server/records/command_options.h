// SPDX-License-Identifier: Apache-2.0
// The table of a measurement's options, and all that is done with it.
//
// A measurement has one table of options, a row for each field of its parameter
// message in the order of the command line. The row says how the field is checked
// and how it is sent; an irregular field names its own pair of functions. Rules
// that tie several fields together are functions beside the table.
//
// Everything here is stateless and safe to use from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/base/ip_address.h"
#include "server/records/command.h"
#include "server/records/command_text.h"

namespace scamper::records {

// One value of an enum parameter.
struct Choice {
  int number;
  // As the command has it.
  absl::string_view word;
  // First version of scamper that knows it.
  int since = 0;
  // As people are told it, where that is not the word.
  absl::string_view name = {};
};

enum class Family : uint8_t { kAny, kIpv4Only, kIpv6Only };

struct OptionKind;

// A range that older versions narrow.
struct OldRange {
  int64_t min = 0;
  int64_t max = 0;
  // First version with the whole range; 0: it always was.
  int full_since = 0;
};

// One row: a field of the parameter message.
struct Option {
  // Its number in the message.
  int field;
  // What comes before the argument: "-m", or with a flag all there is: "-O dl".
  absl::string_view option;
  const OptionKind* kind;
  // Of a number itself, of a time in microseconds, of bytes and text their length.
  int64_t min = 0;
  int64_t max = 0;
  // Of min and max, as shown: " bytes".
  absl::string_view unit = "";
  // First version of scamper that knows the option.
  int since = 0;
  // A number or length whose range was once narrower.
  OldRange old_range = {};
  // Times: their granularity in microseconds, and what old daemons understand.
  int64_t step = 1;
  OldTime old_time = {};
  // Enums: the values there are.
  absl::Span<const Choice> choices = {};
  // Bits 1 << number of the methods that the option works with; 0: all.
  uint32_t methods = 0;
  // Of the destination.
  Family family = Family::kAny;
  // Checked where it is absent, too.
  bool mandatory = false;
};

// A parameter message with what several of its checks need.
struct Parameters {
  const google::protobuf::Message& message;
  // "ping"; goes before the field's name in violations.
  absl::string_view path;
  // The table of options.
  absl::Span<const Option> options;
  // The methods there are, and the number of the one that will be used.
  absl::Span<const Choice> methods = {};
  int method = 0;
  // What addresses are of the family of: the destination. Absent where there is none, or it is no
  // address.
  std::optional<base::IpAddress> dst = std::nullopt;
  // First version of scamper that knows the command.
  int since = 0;
};

// How a kind of field is checked and sent. Both functions are called only for
// fields that are given.
struct OptionKind {
  // Appends what is wrong with the value.
  void (*check)(const Parameters&, const Option&, std::vector<FieldViolation>*);
  // Appends " -o argument". REQUIRES: check found nothing.
  // FAILED_PRECONDITION where that version cannot be told the value.
  absl::Status (*append)(const Parameters&, const Option&, int version, std::string* command);
};

extern const OptionKind kTarget;       // string: an address, mandatory, behind all options
extern const OptionKind kNumber;       // uint32: decimal; an option that ends in = is joined to it
extern const OptionKind kSigned;       // int32: decimal
extern const OptionKind kFlag;         // bool: the option alone when true
extern const OptionKind kEnum;         // enum: one of the choices
extern const OptionKind kConfidence;   // uint32: 95 or 99
extern const OptionKind kTime;         // Duration
extern const OptionKind kUnixTime;     // Timestamp: seconds since 1970, with six decimals
extern const OptionKind kAddress;      // string: an address of the destination's family
extern const OptionKind kAddressList;  // repeated string: the option again for each address
extern const OptionKind kHexBytes;     // bytes: two hexadecimal digits for each
extern const OptionKind kHexDigits;    // string: hexadecimal digits
extern const OptionKind kText;         // string: printable ASCII, sent in quotes

// Whether the field asks for anything: a flag that is true, a list that is not empty,
// any other field that is present (an optional bool is one of these).
bool IsGiven(const google::protobuf::Message& message, int field);

// "ping.ttl".
std::string FieldPath(const Parameters& parameters, int field);

// "a, b or c": the methods of the set bits.
std::string MethodList(const Parameters& parameters, uint32_t methods);

// The text as a numeric address of that family (any where absent; see
// base::ParseIpAddress; neither zone nor IPv4-mapped IPv6, with which scamper fails).
// INVALID_ARGUMENT whose message continues the field's name ("must be ...").
absl::StatusOr<base::IpAddress> CheckedAddress(absl::string_view text, std::optional<bool> ipv6);

// Every rule of the table; each violation, in the order of the table.
void CheckOptions(const Parameters& parameters, std::vector<FieldViolation>* violations);

// Appends the options that are given, each behind a blank. `version` as in Command() of registry.h,
// with its errors. REQUIRES: CheckOptions found nothing.
absl::Status AppendOptions(const Parameters& parameters, int version, std::string* command);

// "word options target"; without a target where that is empty. `version` and errors as above.
// REQUIRES: CheckOptions found nothing.
absl::StatusOr<std::string> BuildCommand(absl::string_view word, const Parameters& parameters,
                                         absl::string_view target, int version);
// The target is the destination.
absl::StatusOr<std::string> BuildCommand(absl::string_view word, const Parameters& parameters,
                                         int version);

// FAILED_PRECONDITION "ping.mss needs scamper 20250401 or newer, the instance has 20211212".
absl::Status NeedsVersion(absl::string_view subject, int since, int version);

}  // namespace scamper::records
