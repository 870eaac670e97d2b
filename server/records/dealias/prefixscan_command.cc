// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::PrefixscanParameters;
using Violations = std::vector<FieldViolation>;

void CheckPrefixlen(const Parameters& p, const Option& option, Violations* out) {
  kNumber.check(p, option, out);
}

// It is part of the target.
absl::Status AppendNothing(const Parameters&, const Option&, int, std::string*) {
  return absl::OkStatus();
}

constexpr OptionKind kPrefixlen = {CheckPrefixlen, AppendNothing};

// clang-format off
const Option kOptions[] = {
    {.field = P::kPrefixlenFieldNumber, .option = "", .kind = &kPrefixlen, .min = 24, .max = 31,
     .mandatory = true},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kFudgeFieldNumber, .option = "-f", .kind = &kFudge, .max = 65535},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = kMaxWaitProbe, .step = kMillisecond, .old_time = {.unit = kMillisecond}},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kNobsFieldNumber, .option = "-O nobs", .kind = &kFlag},
    {.field = P::kReplycFieldNumber, .option = "-o", .kind = &kNumber, .min = 3, .max = 255,
     .unit = " replies"},
};
// clang-format on

Parameters ParametersOf(const P& prefixscan) {
  return {.message = prefixscan, .path = "prefixscan", .options = kOptions};
}

// Never empty: scamper needs one.
std::vector<Definition> Definitions(const P& prefixscan) {
  std::vector<Definition> definitions = DefinitionsOf(prefixscan, "prefixscan");
  if (auto one = OneDefinitionOf(prefixscan, "prefixscan")) definitions.push_back(*std::move(one));
  if (definitions.empty()) definitions.emplace_back();
  return definitions;
}

}  // namespace

std::vector<FieldViolation> ValidatePrefixscan(const P& prefixscan) {
  Violations violations;
  CheckAddresses({{"prefixscan.near", prefixscan.near()}, {"prefixscan.far", prefixscan.far()}},
                 false, &violations);
  CheckOptions(ParametersOf(prefixscan), &violations);
  const std::vector<Definition> definitions = Definitions(prefixscan);
  CheckNoDst(definitions, &violations);
  CheckDefinitions(definitions, false, &violations);
  if (prefixscan.probedefs_size() > 1) {
    violations.push_back({"prefixscan.probedefs",
                          absl::StrCat("must be at most 1, are ", prefixscan.probedefs_size())});
  }
  if (prefixscan.probedefs_size() > 0 && OneDefinitionOf(prefixscan, "").has_value()) {
    violations.push_back(
        {"prefixscan.probedefs", "must not be together with method, sport, dport or icmp_sum"});
  }
  return violations;
}

absl::StatusOr<std::string> PrefixscanCommand(const P& prefixscan, int version) {
  const std::string target = absl::StrCat(AddressWords({prefixscan.near(), prefixscan.far()}), "/",
                                          prefixscan.prefixlen());
  return BuildDealiasCommand(ParametersOf(prefixscan), Definitions(prefixscan), target, version);
}

// All attempts at each address of the prefix but far itself, none of which answers. One that does
// is compared with near until there are enough replies, of which each may take all attempts; near
// itself is probed until it answers.
Probing PrefixscanProbing(const P& prefixscan) {
  Probing probing;
  AddTarget("prefixscan.near", prefixscan.near(), &probing);
  const auto far = base::ParseIpAddress(prefixscan.far());
  const int length = static_cast<int>(prefixscan.prefixlen());
  if (far) {
    probing.targets.push_back({base::PrefixAround(*far, length), "prefixscan.far"});
  }
  const uint64_t attempts = prefixscan.has_attempts() ? prefixscan.attempts() : 2;
  const uint64_t replyc = prefixscan.has_replyc() ? prefixscan.replyc() : 5;
  const uint64_t others = (uint64_t{1} << (32 - length)) - 1;
  probing.packets = 1 + others * attempts;
  probing.packets_max = attempts + others * 2 * replyc * attempts;
  probing.micros = WaitsBetween(
      probing.packets, MicrosOr(prefixscan.has_wait_probe(), prefixscan.wait_probe(), kSecond));
  return probing;
}

}  // namespace scamper::records
