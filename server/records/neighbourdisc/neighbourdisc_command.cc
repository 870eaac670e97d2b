// SPDX-License-Identifier: Apache-2.0
#include "server/records/neighbourdisc/neighbourdisc_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::NeighbourdiscParameters;
using Violations = std::vector<FieldViolation>;

void CheckIfname(const Parameters& p, const Option& option, Violations* out) {
  const std::string& name = static_cast<const P&>(p.message).ifname();
  const bool valid =
      static_cast<int64_t>(name.size()) >= option.min &&
      static_cast<int64_t>(name.size()) <= option.max &&
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != '/'; });
  if (valid) return;
  out->push_back(
      {FieldPath(p, option.field),
       absl::StrCat("must be ", option.min, " - ", option.max,
                    " characters of printable ASCII without space and '/', is ", ShowText(name))});
}

absl::Status AppendIfname(const Parameters& p, const Option& option, int version,
                          std::string* command) {
  return kText.append(p, option, version, command);
}

constexpr OptionKind kIfname = {CheckIfname, AppendIfname};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kIfnameFieldNumber, .option = "-i", .kind = &kIfname, .min = 1, .max = 15,
     .mandatory = true},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kAllAttemptsFieldNumber, .option = "-Q", .kind = &kFlag},
    {.field = P::kStopCountFieldNumber, .option = "-o", .kind = &kNumber, .max = 65535},
    {.field = P::kFirstResponseFieldNumber, .option = "-F", .kind = &kFlag},
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress, .family = Family::kIpv6Only},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime,
     .min = 100 * kMillisecond, .max = 65535 * kMillisecond, .step = kMillisecond,
     .old_time = {.unit = kMillisecond}},
};
// clang-format on

Parameters ParametersOf(const P& p) {
  return {.message = p,
          .path = "neighbourdisc",
          .options = kOptions,
          .dst = base::ParseIpAddress(p.dst())};
}

void CheckCombinations(const P& p, Violations* out) {
  if (p.first_response() && p.all_attempts()) {
    out->push_back({"neighbourdisc.first_response", "must not be together with all_attempts"});
  }
  if (p.first_response() && p.stop_count() > 1) {
    out->push_back({"neighbourdisc.first_response", "must not be together with stop_count > 1"});
  }
  const uint32_t attempts = p.has_attempts() ? p.attempts() : 1;
  if (p.all_attempts() && p.stop_count() != 0 && p.stop_count() < attempts) {
    out->push_back({"neighbourdisc.stop_count",
                    absl::StrCat("must not be below attempts with all_attempts, which is ",
                                 attempts, ", is ", p.stop_count())});
  }
}

}  // namespace

std::vector<FieldViolation> ValidateNeighbourdisc(const P& neighbourdisc) {
  Violations violations;
  CheckOptions(ParametersOf(neighbourdisc), &violations);
  CheckCombinations(neighbourdisc, &violations);
  return violations;
}

absl::StatusOr<std::string> NeighbourdiscCommand(const P& neighbourdisc, int version) {
  return BuildCommand("neighbourdisc", ParametersOf(neighbourdisc), version);
}

// Solicitations until one is answered, or all; for each it waits for further answers, unless told
// not to. scamper does not look whether the source address is the host's.
Probing NeighbourdiscProbing(const P& neighbourdisc) {
  Probing probing;
  AddTarget("neighbourdisc.dst", neighbourdisc.dst(), &probing);
  if (neighbourdisc.has_src()) {
    AddTarget("neighbourdisc.src", neighbourdisc.src(), &probing);
    probing.spoofing.emplace_back("neighbourdisc.src");
  }
  const uint64_t attempts = neighbourdisc.has_attempts() ? neighbourdisc.attempts() : 1;
  probing.packets = neighbourdisc.all_attempts() ? attempts : 1;
  probing.packets_max = attempts;
  if (!neighbourdisc.first_response()) {
    probing.micros =
        static_cast<int64_t>(probing.packets) *
        MicrosOr(neighbourdisc.has_wait_timeout(), neighbourdisc.wait_timeout(), kSecond);
  }
  return probing;
}

}  // namespace scamper::records
