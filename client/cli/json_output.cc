// SPDX-License-Identifier: Apache-2.0
#include "client/cli/json_output.h"

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
  const std::string object = ToJsonLine(message);
  std::string line = "{\"dst\":" + ToJsonString(dst);
  if (interim) line += ",\"interim\":true";
  line += object == "{}" ? "}" : "," + object.substr(1);
  return line + "\n";
}

}  // namespace

std::string ToJsonLine(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(message, &line, options).ok()) return "{}";
  return line;
}

void JsonOutput::Result(const v1::Result& result, const std::string& dst) {
  out_ << Line(result, dst, false) << std::flush;
}

void JsonOutput::Interim(const v1::Result& result, const std::string& dst) {
  out_ << Line(result, dst, true) << std::flush;
}

void JsonOutput::Error(const v1::TaskError& error, const std::string& dst) {
  // Details of a type that is not known here have no JSON form.
  std::string line = Line(error, dst, false);
  if (line.find("\"task\"") == std::string::npos) {
    v1::TaskError plain = error;
    plain.mutable_status()->clear_details();
    line = Line(plain, dst, false);
  }
  out_ << line << std::flush;
}

}  // namespace scamper::cli
