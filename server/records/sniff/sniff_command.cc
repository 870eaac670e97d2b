// SPDX-License-Identifier: Apache-2.0
#include "server/records/sniff/sniff_command.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::SniffParameters;

void CheckIcmpId(const Parameters& p, const Option& option, std::vector<FieldViolation>* out) {
  if (IsGiven(p.message, option.field)) return kNumber.check(p, option, out);
  out->push_back({FieldPath(p, option.field),
                  absl::StrCat("must be given, within ", option.min, " - ", option.max)});
}

// It is the target.
absl::Status AppendNothing(const Parameters&, const Option&, int, std::string*) {
  return absl::OkStatus();
}

constexpr OptionKind kIcmpId = {CheckIcmpId, AppendNothing};

// clang-format off
const Option kOptions[] = {
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress, .mandatory = true},
    {.field = P::kIcmpIdFieldNumber, .option = "", .kind = &kIcmpId, .max = 65535,
     .mandatory = true},
    {.field = P::kLimitPktCountFieldNumber, .option = "-c", .kind = &kNumber, .min = 1,
     .max = 5000, .unit = " packets"},
    {.field = P::kLimitTimeFieldNumber, .option = "-G", .kind = &kTime, .min = kSecond,
     .max = 1200 * kSecond, .step = kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& sniff) {
  return {.message = sniff, .path = "sniff", .options = kOptions};
}

}  // namespace

std::vector<FieldViolation> ValidateSniff(const P& sniff) {
  std::vector<FieldViolation> violations;
  CheckOptions(ParametersOf(sniff), &violations);
  return violations;
}

absl::StatusOr<std::string> SniffCommand(const P& sniff, int version) {
  return BuildCommand("sniff", ParametersOf(sniff),
                      absl::StrCat("icmp[icmpid] == ", sniff.icmp_id()), version);
}

// It sends nothing, and listens as long as it may.
Probing SniffProbing(const P& sniff) {
  Probing probing;
  probing.packets_max = 0;
  probing.micros = MicrosOr(sniff.has_limit_time(), sniff.limit_time(), 60 * kSecond);
  return probing;
}

}  // namespace scamper::records
