// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::TracelbParameters;

constexpr Choice kMethods[] = {
    {v1::TRACELB_METHOD_UDP_DPORT, "udp-dport"},
    {v1::TRACELB_METHOD_ICMP_ECHO, "icmp-echo"},
    {v1::TRACELB_METHOD_UDP_SPORT, "udp-sport"},
    {v1::TRACELB_METHOD_TCP_SPORT, "tcp-sport"},
    {v1::TRACELB_METHOD_TCP_ACK_SPORT, "tcp-ack-sport"},
};

constexpr uint32_t Bit(v1::TracelbMethod method) { return 1u << method; }

constexpr uint32_t kTcp = Bit(v1::TRACELB_METHOD_TCP_SPORT) | Bit(v1::TRACELB_METHOD_TCP_ACK_SPORT);
constexpr uint32_t kPorts =
    kTcp | Bit(v1::TRACELB_METHOD_UDP_DPORT) | Bit(v1::TRACELB_METHOD_UDP_SPORT);

// What scamper takes where the parameter is absent.
constexpr uint64_t kDefaultMaxProbec = 3000;
constexpr int64_t kDefaultWaitProbe = 250 * kMillisecond;

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kMethodFieldNumber, .option = "-P", .kind = &kEnum, .choices = kMethods},
    {.field = P::kConfidenceFieldNumber, .option = "-c", .kind = &kConfidence},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kPorts},
    {.field = P::kSportFieldNumber, .option = "-s", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kPorts},
    {.field = P::kFirsthopFieldNumber, .option = "-f", .kind = &kNumber, .min = 1, .max = 254},
    {.field = P::kGaplimitFieldNumber, .option = "-g", .kind = &kNumber, .min = 1, .max = 5,
     .unit = " hops"},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 5},
    {.field = P::kPtrFieldNumber, .option = "-O ptr", .kind = &kFlag},
    {.field = P::kRtrFieldNumber, .option = "-r", .kind = &kAddress},
    {.field = P::kTosFieldNumber, .option = "-t", .kind = &kNumber, .max = 255},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = 10 * kSecond, .step = kSecond},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .min = 150 * kMillisecond,
     .max = 2 * kSecond, .step = 10 * kMillisecond, .old_time = {.unit = 10 * kMillisecond}},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kMaxProbecFieldNumber, .option = "-Q", .kind = &kNumber, .min = 50, .max = 65535,
     .unit = " probes"},
};
// clang-format on

Parameters ParametersOf(const P& p) {
  const int method = p.has_method() ? p.method() : v1::TRACELB_METHOD_UDP_DPORT;
  return {p, "tracelb", kOptions, kMethods, method, base::ParseIpAddress(p.dst())};
}

}  // namespace

std::vector<FieldViolation> ValidateTracelb(const P& tracelb) {
  std::vector<FieldViolation> violations;
  const Parameters parameters = ParametersOf(tracelb);
  CheckOptions(parameters, &violations);
  const bool tcp = parameters.method == v1::TRACELB_METHOD_TCP_SPORT ||
                   parameters.method == v1::TRACELB_METHOD_TCP_ACK_SPORT;
  // scamper takes it, and then fails.
  if (tcp && parameters.dst.has_value() && parameters.dst->v6) {
    violations.push_back(
        {"tracelb.method", absl::StrCat(MethodList(parameters, 1u << parameters.method),
                                        " needs an IPv4 destination")});
  }
  return violations;
}

absl::StatusOr<std::string> TracelbCommand(const P& tracelb, int version) {
  return BuildCommand("tracelb", ParametersOf(tracelb), version);
}

// For each hop of a path without branches the probes that find no other interface of it; one has to
// wait for another.
Probing TracelbProbing(const P& tracelb) {
  Probing probing;
  AddTarget("tracelb.dst", tracelb.dst(), &probing);
  AddTarget("tracelb.rtr", tracelb.rtr(), &probing);
  const uint64_t max = tracelb.has_max_probec() ? tracelb.max_probec() : kDefaultMaxProbec;
  const uint64_t first = tracelb.has_firsthop() ? tracelb.firsthop() : 1;
  const uint64_t hops = std::max<uint64_t>(kTypicalHops, first) - first + 1;
  probing.packets = std::min(max, hops * ProbesToHop(tracelb.confidence()));
  probing.packets_max = max;
  probing.micros = WaitsBetween(
      probing.packets, MicrosOr(tracelb.has_wait_probe(), tracelb.wait_probe(), kDefaultWaitProbe));
  return probing;
}

}  // namespace scamper::records
