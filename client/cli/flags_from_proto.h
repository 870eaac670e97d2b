// SPDX-License-Identifier: Apache-2.0
// One flag for each field of a message of parameters, by reflection: a field that is added to a
// message is a flag without a line of code.
//
//   field                              flag
//   uint32 wait, int64, ...            --wait N           range of the type checked
//   bool raw                           --raw              sets true
//   string src                         --src TEXT
//   bytes payload                      --payload HEX      two digits a byte
//   PingMethod method                  --method icmp-echo value without the enum's prefix
//   google.protobuf.Duration wait_x    --wait-x DURATION  see duration_text.h
//   google.protobuf.Timestamp at       --at TIME          seconds since 1970, or RFC 3339
//   optional bool rd                   --rd BOOL          true or false
//   repeated ...                       repeatable, and each value may be a list with commas
//   message with one repeated field    the same as that repeated field
//   repeated message                   repeatable, each value KEY=VALUE[,KEY=VALUE] of its fields;
//                                      of a message of name and value alone NAME: VALUE
//
// Ranges of meaning (ttl 1-255) are the server's to check. Stateless, thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace scamper::cli {

struct ParameterFlag {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // "--wait-probe".
  std::string name;
  // What stands for the value in help: "DURATION"; empty for a bool.
  std::string value;
  bool repeatable = false;
  // Each value may be a list with commas.
  bool list = false;
  // The field's comment, and the values of an enum.
  std::string help;
};

// In the order of the message. Fields that are arguments are none.
// A field of a kind that no flag can express (see above) is left out.
std::vector<ParameterFlag> ParameterFlags(const google::protobuf::Descriptor* parameters);

// The fields that are not flags but arguments, in the order of the message: what is measured.
// Either all are singular, and an argument stands for each; or the only one is a list.
std::vector<const google::protobuf::FieldDescriptor*> ArgumentFields(
    const google::protobuf::Descriptor* parameters);

// Sets the field from the values given to its flag; a bool ignores them.
// INVALID_ARGUMENT says what is allowed, without the flag's name; also when another member of the
// field's oneof was set before.
absl::Status SetParameter(const google::protobuf::FieldDescriptor* field,
                          const std::vector<std::string>& values,
                          google::protobuf::Message* parameters);

// "wait_probe" -> "--wait-probe"; only "server" -> "--dns-server", as --server is the program's.
std::string FlagName(std::string_view field);

// The name of an enum's value without the enum's prefix: PING_METHOD_ICMP_ECHO -> "icmp-echo".
std::string EnumText(const google::protobuf::EnumValueDescriptor* value);

// Splits at commas and drops what is empty.
std::vector<std::string> SplitList(const std::vector<std::string>& values);

}  // namespace scamper::cli
