// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::TraceParameters;
using Violations = std::vector<FieldViolation>;

constexpr Choice kMethods[] = {
    {v1::TRACE_METHOD_ICMP, "icmp"},
    {v1::TRACE_METHOD_UDP, "udp"},
    {v1::TRACE_METHOD_TCP, "tcp"},
    {v1::TRACE_METHOD_ICMP_PARIS, "icmp-paris"},
    {v1::TRACE_METHOD_UDP_PARIS, "udp-paris"},
    {v1::TRACE_METHOD_TCP_ACK, "tcp-ack"},
};

constexpr Choice kGapActions[] = {
    {v1::TRACE_GAP_ACTION_STOP, "1", 0, "stop"},
    {v1::TRACE_GAP_ACTION_LASTDITCH, "2", 0, "lastditch"},
};

constexpr uint32_t Bit(v1::TraceMethod method) { return 1u << method; }

constexpr uint32_t kIcmpParis = Bit(v1::TRACE_METHOD_ICMP_PARIS);
constexpr uint32_t kIcmp = kIcmpParis | Bit(v1::TRACE_METHOD_ICMP);
constexpr uint32_t kUdp = Bit(v1::TRACE_METHOD_UDP) | Bit(v1::TRACE_METHOD_UDP_PARIS);
constexpr uint32_t kTcp = Bit(v1::TRACE_METHOD_TCP) | Bit(v1::TRACE_METHOD_TCP_ACK);

// What scamper takes where the parameter is absent.
constexpr uint32_t kDefaultGaplimit = 5;
constexpr uint32_t kDefaultAttempts = 2;

constexpr uint64_t kMaxTtl = 255;

constexpr int kMaxGssEntries = 65534;
constexpr int kMaxLssName = 255;

// Daemons before this take no port or ICMP id of 0.
constexpr OldRange kNoZero = {.min = 1, .max = 65535, .full_since = 20230614};

// 20211212 refuses path MTU discovery with ICMP, 20260420 does it; releases between were not
// tried, so the one after 20211212 is taken and a refusal left to scamper.
constexpr int kIcmpPmtudSince = 20230224;

void CheckPmtud(const Parameters&, const Option&, Violations*) {}

absl::Status AppendPmtud(const Parameters& p, const Option& option, int version,
                         std::string* command) {
  if ((kIcmp >> p.method & 1) != 0 && version < kIcmpPmtudSince) {
    return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " with an ICMP method"),
                        kIcmpPmtudSince, version);
  }
  return kFlag.append(p, option, version, command);
}

constexpr OptionKind kPmtud = {CheckPmtud, AppendPmtud};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kMethodFieldNumber, .option = "-P", .kind = &kEnum, .choices = kMethods},
    {.field = P::kConfidenceFieldNumber, .option = "-c", .kind = &kConfidence},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kUdp | kTcp},
    {.field = P::kSportFieldNumber, .option = "-s", .kind = &kNumber, .max = 65535,
     .old_range = kNoZero, .methods = kUdp | kTcp},
    {.field = P::kIcmpSumFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kIcmpParis},
    {.field = P::kIcmpIdFieldNumber, .option = "-s", .kind = &kNumber, .max = 65535,
     .old_range = kNoZero, .methods = kIcmp},
    {.field = P::kFirsthopFieldNumber, .option = "-f", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kGaplimitFieldNumber, .option = "-g", .kind = &kNumber, .min = 1, .max = 255,
     .unit = " hops"},
    {.field = P::kGapactionFieldNumber, .option = "-G", .kind = &kEnum, .choices = kGapActions},
    {.field = P::kLoopsFieldNumber, .option = "-l", .kind = &kNumber, .max = 255},
    {.field = P::kHoplimitFieldNumber, .option = "-m", .kind = &kNumber, .max = 255},
    {.field = P::kPmtudFieldNumber, .option = "-M", .kind = &kPmtud, .methods = kUdp | kIcmp},
    {.field = P::kSqueriesFieldNumber, .option = "-N", .kind = &kNumber, .min = 1, .max = 255,
     .unit = " hops", .since = 20211026},
    {.field = P::kPtrFieldNumber, .option = "-O ptr", .kind = &kFlag, .since = 20211026},
    {.field = P::kPayloadFieldNumber, .option = "-p", .kind = &kHexBytes, .min = 1, .max = 1400,
     .methods = kUdp | kIcmp},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 20},
    {.field = P::kAllAttemptsFieldNumber, .option = "-Q", .kind = &kFlag},
    {.field = P::kRtrFieldNumber, .option = "-r", .kind = &kAddress},
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress},
    {.field = P::kTosFieldNumber, .option = "-t", .kind = &kNumber, .max = 255},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-w", .kind = &kTime, .min = kSecond,
     .max = 10 * kSecond, .step = kSecond},
    {.field = P::kWaitProbeFieldNumber, .option = "-W", .kind = &kTime, .max = 2 * kSecond,
     .step = 10 * kMillisecond, .old_time = {.unit = 10 * kMillisecond}},
    {.field = P::kWaitProbeHopFieldNumber, .option = "-H", .kind = &kTime, .max = 2 * kSecond,
     .since = 20240503},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kOffsetFieldNumber, .option = "-o", .kind = &kNumber, .max = 8190},
    {.field = P::kIgnoreTtlDstFieldNumber, .option = "-T", .kind = &kFlag},
    {.field = P::kStreamFieldNumber, .option = "-y", .kind = &kNumber, .max = 20,
     .unit = " probes", .since = 20250603},
    {.field = P::kGssFieldNumber, .option = "-z", .kind = &kAddressList, .max = kMaxGssEntries},
    {.field = P::kLssFieldNumber, .option = "-Z", .kind = &kText, .min = 1, .max = kMaxLssName},
    {.field = P::kBackFieldNumber, .option = "-O back", .kind = &kFlag, .since = 20260331},
    {.field = P::kConstPayloadFieldNumber, .option = "-O const-payload", .kind = &kFlag},
    {.field = P::kDlFieldNumber, .option = "-O dl", .kind = &kFlag},
    {.field = P::kDtreeNobackFieldNumber, .option = "-O dtree-noback", .kind = &kFlag},
    {.field = P::kRawFieldNumber, .option = "-O raw", .kind = &kFlag, .since = 20240229,
     .methods = kTcp, .family = Family::kIpv4Only},
};
// clang-format on

// icmp_sum and icmp_id have a meaning with ICMP only, so they choose the method.
bool ChoosesIcmpParis(const P& trace) {
  return !trace.has_method() && (trace.has_icmp_sum() || trace.has_icmp_id());
}

int Method(const P& trace) {
  if (trace.has_method()) return trace.method();
  return ChoosesIcmpParis(trace) ? v1::TRACE_METHOD_ICMP_PARIS : v1::TRACE_METHOD_UDP_PARIS;
}

Parameters ParametersOf(const P& trace) {
  return {trace, "trace", kOptions, kMethods, Method(trace), base::ParseIpAddress(trace.dst())};
}

void CheckTtls(const P& trace, Violations* out) {
  if (trace.hoplimit() != 0 && trace.firsthop() > trace.hoplimit()) {
    out->push_back({"trace.firsthop", absl::StrCat("must not be beyond hoplimit, which is ",
                                                   trace.hoplimit(), ", is ", trace.firsthop())});
  }
  if (trace.back() && trace.hoplimit() == 0) {
    out->push_back({"trace.back", "needs a hoplimit of 1 - 255"});
  }
}

void CheckSqueries(const P& trace, Violations* out) {
  const uint32_t gaplimit = trace.has_gaplimit() ? trace.gaplimit() : kDefaultGaplimit;
  if (trace.squeries() > gaplimit) {
    out->push_back({"trace.squeries", absl::StrCat("must not be greater than gaplimit, which is ",
                                                   gaplimit, " hops, is ", trace.squeries())});
  }
  const int method = Method(trace);
  const bool tcp = method == v1::TRACE_METHOD_TCP || method == v1::TRACE_METHOD_TCP_ACK;
  if (tcp && trace.squeries() > 1) {
    out->push_back(
        {"trace.squeries", absl::StrCat("must be 1 with a TCP method, is ", trace.squeries())});
  }
}

void CheckCombinations(const P& trace, Violations* out) {
  if (trace.has_confidence() && trace.all_attempts()) {
    out->push_back({"trace.confidence", "must not be together with all_attempts"});
  }
  if (trace.pmtud() && trace.firsthop() > 1) {
    out->push_back({"trace.pmtud", "must not be together with firsthop > 1"});
  }
  if (trace.pmtud() && (trace.gss_size() > 0 || trace.has_lss())) {
    out->push_back({"trace.pmtud", "must not be together with gss or lss"});
  }
}

}  // namespace

std::vector<FieldViolation> ValidateTrace(const P& trace) {
  Violations violations;
  const Parameters parameters = ParametersOf(trace);
  CheckOptions(parameters, &violations);
  CheckTtls(trace, &violations);
  CheckSqueries(trace, &violations);
  CheckCombinations(trace, &violations);
  if (parameters.dst.has_value() && !parameters.dst->v6 && trace.offset() != 0) {
    violations.push_back({"trace.offset", "needs an IPv6 destination where not 0"});
  }
  return violations;
}

absl::StatusOr<std::string> TraceCommand(const P& trace, int version) {
  if (!ChoosesIcmpParis(trace)) return BuildCommand("trace", ParametersOf(trace), version);
  P with_method = trace;
  with_method.set_method(v1::TRACE_METHOD_ICMP_PARIS);
  return BuildCommand("trace", ParametersOf(with_method), version);
}

// One probe for each hop of the path, or as many as are to be sent whatever comes back; where
// several hops are probed at a time, those behind the destination as well. At most all attempts at
// each TTL, and at the last one again. How many path MTU discovery and the search for all
// interfaces of a hop take has no bound.
Probing TraceProbing(const P& trace) {
  Probing probing;
  AddTarget("trace.dst", trace.dst(), &probing);
  AddTarget("trace.rtr", trace.rtr(), &probing);
  const uint64_t attempts = trace.has_attempts() ? trace.attempts() : kDefaultAttempts;
  // Stop sets have it go back from the first hop to the beginning, too.
  const bool whole_path = trace.gss_size() > 0 || trace.has_lss() || !trace.has_firsthop();
  const uint64_t first = whole_path ? 1 : trace.firsthop();
  const uint64_t last = trace.hoplimit() != 0 ? trace.hoplimit() : kMaxTtl;
  const uint64_t ttls = last - first + 1;
  const uint64_t parallel = trace.has_squeries() ? trace.squeries() : 1;
  const uint64_t hops = std::min(ttls, std::max(kTypicalHops, first) - first + parallel);
  const uint64_t per_hop = trace.has_confidence() ? ProbesToHop(trace.confidence())
                           : trace.all_attempts() ? attempts
                                                  : 1;
  probing.packets = hops * per_hop + (trace.pmtud() ? 1 : 0);
  if (!trace.has_confidence() && !trace.pmtud()) {
    const bool last_ditch = trace.gapaction() == v1::TRACE_GAP_ACTION_LASTDITCH;
    probing.packets_max = (ttls + (last_ditch ? 1 : 0)) * attempts;
  }
  const int64_t wait_probe = MicrosOr(trace.has_wait_probe(), trace.wait_probe(), 0);
  const int64_t wait_hop = MicrosOr(trace.has_wait_probe_hop(), trace.wait_probe_hop(), 0);
  const int64_t rounds = static_cast<int64_t>((hops + parallel - 1) / parallel);
  probing.micros =
      std::max(WaitsBetween(probing.packets, wait_probe), rounds * WaitsBetween(per_hop, wait_hop));
  return probing;
}

}  // namespace scamper::records
