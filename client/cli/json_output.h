// SPDX-License-Identifier: Apache-2.0
// Events for programs: one JSON object a line.
#pragma once

#include <ostream>
#include <string>

#include "client/cli/output.h"

namespace scamper::cli {

// The message in protobuf's JSON mapping with the names of the .proto, after the key "dst", the
// destination as asked for (none where there is none). A result is a v1.Result, it has "record"; a
// task without a result is a v1.TaskError, it has "outcome"; details of its status of a type that
// is not known here are left out. An interim report is a v1.Result with "interim": true before it.
// Not thread safe; `out` must outlive this.
class JsonOutput final : public Output {
 public:
  explicit JsonOutput(std::ostream& out) : out_(out) {}

  void Result(const v1::Result& result, const std::string& dst) override;
  void Interim(const v1::Result& result, const std::string& dst) override;
  void Error(const v1::TaskError& error, const std::string& dst) override;

 private:
  std::ostream& out_;
};

// One line, without newline.
std::string ToJsonLine(const google::protobuf::Message& message);
// The same, with the key "dst" before the others.
std::string ToJsonLine(const google::protobuf::Message& message, const std::string& dst);

}  // namespace scamper::cli
