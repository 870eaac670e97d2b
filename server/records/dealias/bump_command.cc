// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
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

// Three probes show where the two counters are; then each attempt drives one of them up.
Probing BumpProbing(const P& bump) {
  Probing probing;
  AddDefinitionTargets("bump", bump.probedefs(), &probing);
  const uint64_t attempts = bump.has_attempts() ? bump.attempts() : 3;
  const uint64_t limit = bump.has_bump_limit() ? bump.bump_limit() : 30;
  probing.packets = attempts * 3;
  probing.packets_max = attempts * (3 + limit);
  probing.micros =
      WaitsBetween(probing.packets, MicrosOr(bump.has_wait_probe(), bump.wait_probe(), kSecond));
  return probing;
}

}  // namespace scamper::records
