// SPDX-License-Identifier: Apache-2.0
#include "client/cli/json_output.h"

#include <algorithm>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace scamper::cli {
namespace {

std::string ToJsonString(const std::string& text) {
  google::protobuf::Value value;
  value.set_string_value(text);
  return ToJsonLine(value);
}

std::string Line(const google::protobuf::Message& message, const std::string& dst, bool interim) {
  std::string line;
  if (!dst.empty()) line = "\"dst\":" + ToJsonString(dst);
  if (interim) line += line.empty() ? "\"interim\":true" : ",\"interim\":true";
  const std::string object = ToJsonLine(message);
  if (!line.empty() && object != "{}") line += ",";
  return "{" + line + object.substr(1) + "\n";
}

// The JSON form of an Any needs its type.
bool HasNoJson(const google::protobuf::Any& any) {
  std::string name;
  return !google::protobuf::Any::ParseAnyTypeUrl(any.type_url(), &name) ||
         google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name) == nullptr;
}

}  // namespace

std::string ToJsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(message, &line, options).ok()) return "{}";
  return line;
}

std::string ToJsonLine(const google::protobuf::Message& message, const std::string& dst) {
  std::string line = Line(message, dst, false);
  line.pop_back();
  return line;
}

void JsonOutput::Result(const v1::Result& result, const std::string& dst) {
  out_ << Line(result, dst, false) << std::flush;
}

void JsonOutput::Interim(const v1::Result& result, const std::string& dst) {
  out_ << Line(result, dst, true) << std::flush;
}

void JsonOutput::Error(const v1::TaskError& error, const std::string& dst) {
  v1::TaskError known = error;
  auto* details = known.mutable_status()->mutable_details();
  details->erase(std::remove_if(details->begin(), details->end(), HasNoJson), details->end());
  out_ << Line(known, dst, false) << std::flush;
}

}  // namespace scamper::cli
