// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include "server/records/dealias/dealias_command.h"
#include "server/records/dealias/dealias_definitions.h"

namespace scamper::records {
namespace {

using P = v1::MidardiscParameters;
using Round = v1::MidardiscRoundParameters;
using Violations = std::vector<FieldViolation>;

// The indexes of a round, which scamper reads past its table with where they are too large.
void CheckIndexes(const P& p, int i, const std::string& path, Violations* out) {
  const Round& round = p.schedule(i);
  const uint32_t count = static_cast<uint32_t>(p.probedefs_size());
  if (round.end() >= count) {
    out->push_back({absl::StrCat(path, ".end"),
                    absl::StrCat("must be below the number of probedefs, which is ", count, ", is ",
                                 round.end())});
  }
  if (round.begin() > round.end()) {
    out->push_back(
        {absl::StrCat(path, ".begin"),
         absl::StrCat("must not be above end, which is ", round.end(), ", is ", round.begin())});
  }
  if (i == 0) return;
  const Round& before = p.schedule(i - 1);
  if (round.begin() < before.begin()) {
    out->push_back({absl::StrCat(path, ".begin"),
                    absl::StrCat("must not be below that of the round before, which is ",
                                 before.begin(), ", is ", round.begin())});
  }
  if (round.end() < before.end()) {
    out->push_back({absl::StrCat(path, ".end"),
                    absl::StrCat("must not be below that of the round before, which is ",
                                 before.end(), ", is ", round.end())});
  }
}

void CheckSchedule(const Parameters& parameters, const Option& option, Violations* out) {
  const P& p = static_cast<const P&>(parameters.message);
  const std::string name = FieldPath(parameters, option.field);
  if (p.schedule_size() < 2) {
    out->push_back({name, absl::StrCat("must be at least 2 rounds, are ", p.schedule_size())});
  }
  int64_t last = -1;
  for (int i = 0; i < p.schedule_size(); ++i) {
    const std::string path = absl::StrCat(name, "[", i, "]");
    CheckIndexes(p, i, path, out);
    const auto start = Microseconds(p.schedule(i).start());
    if (!start.ok()) {
      out->push_back({absl::StrCat(path, ".start"), std::string(start.status().message())});
    } else if (*start <= last) {
      out->push_back({absl::StrCat(path, ".start"),
                      last < 0 ? absl::StrCat("must be at least 0 s, is ", ShowTime(*start))
                               : absl::StrCat("must be above that of the round before, which is ",
                                              ShowTime(last), ", is ", ShowTime(*start))});
    } else {
      last = *start;
    }
  }
}

absl::Status AppendSchedule(const Parameters& parameters, const Option& option, int,
                            std::string* command) {
  for (const Round& round : static_cast<const P&>(parameters.message).schedule()) {
    const auto start = Microseconds(round.start());
    if (!start.ok()) return absl::InternalError("a time was not checked");
    absl::StrAppend(command, " ", option.option, " ", DecimalSeconds(*start), ":", round.begin(),
                    ":", round.end());
  }
  return absl::OkStatus();
}

constexpr OptionKind kSchedule = {CheckSchedule, AppendSchedule};

// clang-format off
const Option kOptions[] = {
    {.field = P::kScheduleFieldNumber, .option = "-S", .kind = &kSchedule, .mandatory = true},
    {.field = P::kStartatFieldNumber, .option = "-@", .kind = &kUnixTime},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = kMaxWaitTimeout, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& midardisc) {
  return {.message = midardisc, .path = "midardisc", .options = kOptions, .since = kMidarSince};
}

}  // namespace

std::vector<FieldViolation> ValidateMidardisc(const P& midardisc) {
  Violations violations;
  std::vector<NamedAddress> addresses;
  const std::vector<Definition> definitions = DefinitionsOf(midardisc, "midardisc");
  AppendDsts(definitions, &addresses);
  const std::optional<bool> ipv6 = CheckAddresses(addresses, std::nullopt, &violations);
  CheckDefinitions(definitions, ipv6, &violations);
  if (definitions.size() < 2) {
    violations.push_back(
        {"midardisc.probedefs", absl::StrCat("must be at least 2, are ", definitions.size())});
  }
  CheckOptions(ParametersOf(midardisc), &violations);
  return violations;
}

absl::StatusOr<std::string> MidardiscCommand(const P& midardisc, int version) {
  return BuildDealiasCommand(ParametersOf(midardisc), DefinitionsOf(midardisc, "midardisc"), "",
                             version);
}

// In each round one probe of each kind that the round names; the last round begins as scheduled.
Probing MidardiscProbing(const P& midardisc) {
  Probing probing;
  AddDefinitionTargets("midardisc", midardisc.probedefs(), &probing);
  for (const Round& round : midardisc.schedule()) {
    probing.packets += round.end() - round.begin() + 1;
    probing.micros = MicrosOr(true, round.start(), 0);
  }
  probing.packets_max = probing.packets;
  return probing;
}

}  // namespace scamper::records
