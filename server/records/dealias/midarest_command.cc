// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::MidarestParameters;
using Violations = std::vector<FieldViolation>;

// clang-format off
const Option kOptions[] = {
    {.field = P::kRoundsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitProbe, .step = kMillisecond},
    {.field = P::kWaitRoundFieldNumber, .option = "-r", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitRound, .step = kMillisecond},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& midarest) {
  return {.message = midarest, .path = "midarest", .options = kOptions, .since = kMidarSince};
}

void CheckRound(const P& midarest, Violations* out) {
  if (!midarest.has_wait_probe() || !midarest.has_wait_round()) return;
  const auto probe = Microseconds(midarest.wait_probe());
  const auto round = Microseconds(midarest.wait_round());
  const int64_t probes = int64_t{midarest.addrs_size()} * midarest.probedefs_size();
  if (!probe.ok() || !round.ok() || *probe > kMaxWaitProbe || *probe * probes <= *round) return;
  out->push_back(
      {"midarest.wait_round",
       absl::StrCat("must be at least wait_probe for each of the ", probes, " probes of a round, ",
                    ShowTime(*probe * probes), ", is ", ShowTime(*round))});
}

}  // namespace

std::vector<FieldViolation> ValidateMidarest(const P& midarest) {
  Violations violations;
  std::vector<NamedAddress> addresses;
  AppendAddresses(midarest.addrs(), "midarest.addrs", &addresses);
  if (addresses.empty()) {
    violations.push_back({"midarest.addrs", "must be at least 1 IPv4 address, are 0"});
  }
  CheckAddresses(addresses, false, &violations);
  const std::vector<Definition> definitions = DefinitionsOf(midarest, "midarest");
  CheckNoDst(definitions, &violations);
  CheckDefinitions(definitions, false, &violations);
  if (definitions.size() < 2) {
    violations.push_back(
        {"midarest.probedefs", absl::StrCat("must be at least 2, are ", definitions.size())});
  }
  CheckOptions(ParametersOf(midarest), &violations);
  CheckRound(midarest, &violations);
  return violations;
}

absl::StatusOr<std::string> MidarestCommand(const P& midarest, int version) {
  const std::vector<std::string> addrs(midarest.addrs().begin(), midarest.addrs().end());
  return BuildDealiasCommand(ParametersOf(midarest), DefinitionsOf(midarest, "midarest"),
                             AddressWords(addrs), version);
}

// In each round one probe of each kind to each address.
Probing MidarestProbing(const P& midarest) {
  Probing probing;
  AddTargets("midarest.addrs", midarest.addrs(), &probing);
  const uint64_t of_round = static_cast<uint64_t>(midarest.addrs_size()) *
                            static_cast<uint64_t>(midarest.probedefs_size());
  const uint64_t rounds = midarest.has_rounds() ? midarest.rounds() : 30;
  probing.packets = of_round * rounds;
  probing.packets_max = probing.packets;
  const int64_t probes = static_cast<int64_t>(std::max<uint64_t>(1, of_round));
  const int64_t wait_probe = MicrosOr(midarest.has_wait_probe(), midarest.wait_probe(), 0);
  const int64_t wait_round =
      MicrosOr(midarest.has_wait_round(), midarest.wait_round(),
               midarest.has_wait_probe() ? probes * wait_probe : 10 * kSecond);
  probing.micros =
      WaitsBetween(rounds, wait_round) +
      WaitsBetween(of_round, midarest.has_wait_probe() ? wait_probe : wait_round / probes);
  return probing;
}

}  // namespace scamper::records
