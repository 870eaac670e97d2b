// SPDX-License-Identifier: Apache-2.0
#include "client/cli/human_output.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/connection.h"
#include "client/cli/flags_from_proto.h"
#include "server/records/registry.h"

namespace scamper::cli {
namespace {

std::string Outcome(v1::TaskOutcome outcome) {
  const auto* value = v1::TaskOutcome_descriptor()->FindValueByNumber(outcome);
  return value == nullptr ? absl::StrCat("outcome ", static_cast<int>(outcome)) : EnumText(value);
}

}  // namespace

void HumanOutput::Result(const v1::Result& result, const std::string& dst) {
  if (!first_) out_ << '\n';
  first_ = false;
  if (name_instances_) out_ << result.task().instance() << ":\n";
  const std::string text = records::Text(result.record());
  if (text.empty()) {
    out_ << dst << ": a record without a text form, see --json\n";
  } else {
    out_ << text;
  }
  out_ << std::flush;
}

void HumanOutput::Interim(const v1::Result&, const std::string&) {}

void HumanOutput::Error(const v1::TaskError& error, const std::string& dst) {
  for (const std::string& line : Violations(error.status(), {dst})) {
    err_ << "scamper-grpc: " << error.task().instance() << ' ' << dst << ": "
         << (line.empty() ? "no result" : line) << " (" << Outcome(error.outcome()) << ")\n";
  }
  err_ << std::flush;
}

}  // namespace scamper::cli
