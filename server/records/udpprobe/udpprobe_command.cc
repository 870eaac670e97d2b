// SPDX-License-Identifier: Apache-2.0
#include "server/records/udpprobe/udpprobe_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::UdpprobeParameters;

// Daemons that know the command know units of time.
static_assert(kUdpprobeSince >= kUnitsAndEscapesSince);

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535,
     .mandatory = true},
    {.field = P::kPayloadFieldNumber, .option = "-p", .kind = &kHexBytes, .min = 1, .max = 1400,
     .mandatory = true},
    {.field = P::kAttemptsFieldNumber, .option = "-c", .kind = &kNumber, .min = 1, .max = 20,
     .since = 20240503},
    {.field = P::kStopCountFieldNumber, .option = "-o", .kind = &kNumber, .min = 1, .max = 20,
     .since = 20240503},
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress, .since = 20240920},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime,
     .min = 500 * kMillisecond, .max = 5 * kSecond},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = 500 * kMillisecond,
     .max = 5 * kSecond, .since = 20240503},
    {.field = P::kExitfirstFieldNumber, .option = "-O exitfirst", .kind = &kFlag},
};
// clang-format on

Parameters ParametersOf(const P& udpprobe) {
  return {.message = udpprobe,
          .path = "udpprobe",
          .options = kOptions,
          .dst = base::ParseIpAddress(udpprobe.dst()),
          .since = kUdpprobeSince};
}

}  // namespace

std::vector<FieldViolation> ValidateUdpprobe(const P& udpprobe) {
  std::vector<FieldViolation> violations;
  CheckOptions(ParametersOf(udpprobe), &violations);
  const uint32_t attempts = udpprobe.has_attempts() ? udpprobe.attempts() : 1;
  if (udpprobe.stop_count() > attempts) {
    violations.push_back(
        {"udpprobe.stop_count", absl::StrCat("must not be greater than attempts, which is ",
                                             attempts, ", is ", udpprobe.stop_count())});
  }
  return violations;
}

absl::StatusOr<std::string> UdpprobeCommand(const P& udpprobe, int version) {
  return BuildCommand("udpprobe", ParametersOf(udpprobe), version);
}

// Probes until enough have a reply; then it waits for more replies, unless told not to.
Probing UdpprobeProbing(const P& udpprobe) {
  Probing probing;
  AddTarget("udpprobe.dst", udpprobe.dst(), &probing);
  const uint64_t attempts = udpprobe.has_attempts() ? udpprobe.attempts() : 1;
  const uint64_t stop_count = udpprobe.has_stop_count() ? udpprobe.stop_count() : 1;
  probing.packets = std::min(attempts, stop_count);
  probing.packets_max = attempts;
  probing.micros = WaitsBetween(
      probing.packets, MicrosOr(udpprobe.has_wait_probe(), udpprobe.wait_probe(), kSecond));
  if (!udpprobe.exitfirst()) {
    probing.micros += MicrosOr(udpprobe.has_wait_timeout(), udpprobe.wait_timeout(), 2 * kSecond);
  }
  return probing;
}

}  // namespace scamper::records
