// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::AllyParameters;
using Violations = std::vector<FieldViolation>;

// clang-format off
const Option kOptions[] = {
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kFudgeFieldNumber, .option = "-f", .kind = &kFudge, .max = 65535},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitProbe, .step = kMillisecond, .old_time = {.unit = kMillisecond}},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kNobsFieldNumber, .option = "-O nobs", .kind = &kFlag},
};
// clang-format on

Parameters ParametersOf(const P& ally) {
  return {.message = ally, .path = "ally", .options = kOptions};
}

std::vector<Definition> Definitions(const P& ally) {
  std::vector<Definition> definitions = DefinitionsOf(ally, "ally");
  if (auto one = OneDefinitionOf(ally, "ally")) definitions.push_back(*std::move(one));
  return definitions;
}

bool AddressesAreInDefinitions(const P& ally) {
  return std::any_of(ally.probedefs().begin(), ally.probedefs().end(),
                     [](const auto& probedef) { return probedef.has_dst(); });
}

void CheckCounts(const P& ally, Violations* out) {
  const int count = ally.probedefs_size();
  if (count > 0 && OneDefinitionOf(ally, "ally").has_value()) {
    out->push_back(
        {"ally.probedefs", "must not be together with method, sport, dport or icmp_sum"});
  }
  if (!AddressesAreInDefinitions(ally)) {
    if (count > 2)
      out->push_back({"ally.probedefs", absl::StrCat("must be at most 2, are ", count)});
    return;
  }
  if (count != 2) {
    out->push_back(
        {"ally.probedefs", absl::StrCat("must be 2 where they have a dst, are ", count)});
  }
  for (const auto& [name, value] :
       {std::pair("ally.dst1", ally.dst1()), {"ally.dst2", ally.dst2()}}) {
    if (!value.empty()) out->push_back({name, "must not be given where probedefs have a dst"});
  }
}

}  // namespace

std::vector<FieldViolation> ValidateAlly(const P& ally) {
  Violations violations;
  std::vector<NamedAddress> addresses;
  const std::vector<Definition> definitions = Definitions(ally);
  if (AddressesAreInDefinitions(ally)) {
    AppendDsts(definitions, &addresses);
  } else {
    addresses = {{"ally.dst1", ally.dst1()}, {"ally.dst2", ally.dst2()}};
  }
  const std::optional<bool> ipv6 = CheckAddresses(addresses, std::nullopt, &violations);
  CheckOptions(ParametersOf(ally), &violations);
  CheckDefinitions(definitions, ipv6, &violations);
  CheckCounts(ally, &violations);
  return violations;
}

absl::StatusOr<std::string> AllyCommand(const P& ally, int version) {
  const std::string target =
      AddressesAreInDefinitions(ally) ? "" : AddressWords({ally.dst1(), ally.dst2()});
  return BuildDealiasCommand(ParametersOf(ally), Definitions(ally), target, version);
}

// The attempts are probes in all, to either address in turn.
Probing AllyProbing(const P& ally) {
  Probing probing;
  AddTarget("ally.dst1", ally.dst1(), &probing);
  AddTarget("ally.dst2", ally.dst2(), &probing);
  AddDefinitionTargets("ally", ally.probedefs(), &probing);
  probing.packets = ally.has_attempts() ? ally.attempts() : 5;
  probing.packets_max = probing.packets;
  probing.micros = WaitsBetween(
      probing.packets, MicrosOr(ally.has_wait_probe(), ally.wait_probe(), kDefaultWaitProbe));
  return probing;
}

}  // namespace scamper::records
