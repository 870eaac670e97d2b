// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::MercatorParameters;

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 3},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& mercator) {
  return {.message = mercator,
          .path = "mercator",
          .options = kOptions,
          .dst = base::ParseIpAddress(mercator.dst())};
}

}  // namespace

std::vector<FieldViolation> ValidateMercator(const P& mercator) {
  std::vector<FieldViolation> violations;
  const Parameters parameters = ParametersOf(mercator);
  CheckOptions(parameters, &violations);
  const std::vector<Definition> definitions = DefinitionsOf(mercator, parameters.path);
  if (definitions.size() > 1) {
    violations.push_back(
        {"mercator.probedefs", absl::StrCat("must be at most 1, are ", definitions.size())});
  }
  CheckNoDst(definitions, &violations);
  std::optional<bool> ipv6;
  if (parameters.dst.has_value()) ipv6 = parameters.dst->v6;
  CheckDefinitions(definitions, ipv6, &violations);
  for (const Definition& definition : definitions) {
    const v1::DealiasProbedefParameters& probedef = definition.probedef;
    if (!probedef.has_method() || probedef.method() == v1::DEALIAS_PROBE_METHOD_UDP) continue;
    violations.push_back({absl::StrCat(definition.path, ".method"), "must be udp"});
  }
  return violations;
}

absl::StatusOr<std::string> MercatorCommand(const P& mercator, int version) {
  if (version != 0 && version < kNewDefinitionsSince && mercator.probedefs_size() > 0) {
    return NeedsVersion("mercator.probedefs", kNewDefinitionsSince, version);
  }
  return BuildDealiasCommand(ParametersOf(mercator), DefinitionsOf(mercator, "mercator"),
                             AddressWords({mercator.dst()}), version);
}

// Until an attempt is answered.
Probing MercatorProbing(const P& mercator) {
  Probing probing;
  AddTarget("mercator.dst", mercator.dst(), &probing);
  probing.packets = 1;
  probing.packets_max = mercator.has_attempts() ? mercator.attempts() : 3;
  return probing;
}

}  // namespace scamper::records
