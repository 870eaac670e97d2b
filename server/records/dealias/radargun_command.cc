// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::RadargunParameters;
using Violations = std::vector<FieldViolation>;

// clang-format off
const Option kOptions[] = {
    {.field = P::kRoundsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitProbe, .step = kMillisecond, .old_time = {.unit = kMillisecond}},
    {.field = P::kWaitRoundFieldNumber, .option = "-r", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitRound, .step = kMillisecond, .old_time = {.unit = kMillisecond}},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kShuffleFieldNumber, .option = "-O shuffle", .kind = &kFlag},
};
// clang-format on

Parameters ParametersOf(const P& radargun) {
  return {.message = radargun, .path = "radargun", .options = kOptions};
}

void CheckCounts(const P& radargun, Violations* out) {
  const int addrs = radargun.addrs_size();
  const int definitions = radargun.probedefs_size();
  if (definitions == 0 && addrs < 2) {
    out->push_back(
        {"radargun.addrs", absl::StrCat("must be at least 2 without probedefs, are ", addrs)});
  } else if (definitions == 1 && addrs == 1) {
    out->push_back({"radargun.addrs", "must be at least 2 with one of probedefs, are 1"});
  } else if (definitions == 1 && addrs == 0) {
    out->push_back({"radargun.probedefs", "must be at least 2 without addrs, are 1"});
  }
}

}  // namespace

std::vector<FieldViolation> ValidateRadargun(const P& radargun) {
  Violations violations;
  std::vector<NamedAddress> addresses;
  const std::vector<Definition> definitions = DefinitionsOf(radargun, "radargun");
  AppendAddresses(radargun.addrs(), "radargun.addrs", &addresses);
  if (addresses.empty()) {
    AppendDsts(definitions, &addresses);
  } else {
    CheckNoDst(definitions, &violations);
  }
  const std::optional<bool> ipv6 = CheckAddresses(addresses, std::nullopt, &violations);
  CheckOptions(ParametersOf(radargun), &violations);
  CheckDefinitions(definitions, ipv6, &violations);
  CheckCounts(radargun, &violations);
  return violations;
}

absl::StatusOr<std::string> RadargunCommand(const P& radargun, int version) {
  if (version != 0 && version < kNewDefinitionsSince && radargun.addrs_size() > 0 &&
      radargun.probedefs_size() > 1) {
    return NeedsVersion("radargun.addrs with several probedefs", kNewDefinitionsSince, version);
  }
  const std::vector<std::string> addrs(radargun.addrs().begin(), radargun.addrs().end());
  return BuildDealiasCommand(ParametersOf(radargun), DefinitionsOf(radargun, "radargun"),
                             AddressWords(addrs), version);
}

// In each round one probe of each kind to each address.
Probing RadargunProbing(const P& radargun) {
  Probing probing;
  AddTargets("radargun.addrs", radargun.addrs(), &probing);
  AddDefinitionTargets("radargun", radargun.probedefs(), &probing);
  const uint64_t kinds = static_cast<uint64_t>(std::max(1, radargun.probedefs_size()));
  const uint64_t of_round = kinds * static_cast<uint64_t>(std::max(1, radargun.addrs_size()));
  const uint64_t rounds = radargun.has_rounds() ? radargun.rounds() : 30;
  probing.packets = of_round * rounds;
  probing.packets_max = probing.packets;
  const int64_t wait_probe =
      MicrosOr(radargun.has_wait_probe(), radargun.wait_probe(), kDefaultWaitProbe);
  const int64_t wait_round = MicrosOr(radargun.has_wait_round(), radargun.wait_round(),
                                      static_cast<int64_t>(of_round) * wait_probe);
  probing.micros = WaitsBetween(rounds, wait_round) + WaitsBetween(of_round, wait_probe);
  return probing;
}

}  // namespace scamper::records
