// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::BumpParameters;

// clang-format off
const Option kOptions[] = {
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kBumpLimitFieldNumber, .option = "-f", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitProbe, .step = kMillisecond, .old_time = {.unit = kMillisecond}},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& bump) {
  return {.message = bump, .path = "bump", .options = kOptions};
}

}  // namespace

std::vector<FieldViolation> ValidateBump(const P& bump) {
  std::vector<FieldViolation> violations;
  std::vector<NamedAddress> addresses;
  const std::vector<Definition> definitions = DefinitionsOf(bump, "bump");
  AppendDsts(definitions, &addresses);
  CheckAddresses(addresses, false, &violations);
  CheckOptions(ParametersOf(bump), &violations);
  CheckDefinitions(definitions, false, &violations);
  if (definitions.size() != 2) {
    violations.push_back(
        {"bump.probedefs", absl::StrCat("must be exactly 2, are ", definitions.size())});
  }
  return violations;
}

absl::StatusOr<std::string> BumpCommand(const P& bump, int version) {
  return BuildDealiasCommand(ParametersOf(bump), DefinitionsOf(bump, "bump"), "", version);
}

}  // namespace scamper::records
