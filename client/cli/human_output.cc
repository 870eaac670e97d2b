// SPDX-License-Identifier: Apache-2.0
#include "client/cli/human_output.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/connection.h"
#include "client/cli/flags_from_proto.h"
#include "server/records/json.h"
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
  std::string text = records::Text(result.record());
  const records::JsonContext context{result.has_list() ? &result.list() : nullptr,
                                     result.has_cycle() ? &result.cycle() : nullptr};
  if (text.empty()) records::AppendJson(result.record(), context, &text);
  if (text.empty()) text = dst + ": a record without a text form, see --json\n";
  out_ << text << std::flush;
}

void HumanOutput::Interim(const v1::Result&, const std::string&) {}

void HumanOutput::Error(const v1::TaskError& error, const std::string& dst) {
  for (const std::string& line : Violations(error.status(), {dst})) {
    err_ << "scamper-grpc: " << error.task().instance() << (dst.empty() ? "" : " ") << dst << ": "
         << (line.empty() ? "no result" : line) << " (" << Outcome(error.outcome()) << ")\n";
  }
  err_ << std::flush;
}

}  // namespace scamper::cli
