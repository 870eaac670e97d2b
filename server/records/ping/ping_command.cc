// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::PingParameters;
using Violations = std::vector<FieldViolation>;

constexpr Choice kMethods[] = {
    {v1::PING_METHOD_ICMP_ECHO, "icmp-echo"},
    {v1::PING_METHOD_TCP_ACK, "tcp-ack"},
    {v1::PING_METHOD_TCP_ACK_SPORT, "tcp-ack-sport"},
    {v1::PING_METHOD_UDP, "udp"},
    {v1::PING_METHOD_UDP_DPORT, "udp-dport"},
    {v1::PING_METHOD_ICMP_TIME, "icmp-time"},
    {v1::PING_METHOD_TCP_SYN, "tcp-syn"},
    {v1::PING_METHOD_TCP_SYNACK, "tcp-synack"},
    {v1::PING_METHOD_TCP_RST, "tcp-rst"},
    {v1::PING_METHOD_TCP_SYN_SPORT, "tcp-syn-sport", 20230224},
    {v1::PING_METHOD_UDP_SPORT, "udp-sport", 20240916},
};

constexpr uint32_t Bit(v1::PingMethod method) { return 1u << method; }

constexpr uint32_t kIcmp = Bit(v1::PING_METHOD_ICMP_ECHO) | Bit(v1::PING_METHOD_ICMP_TIME);
constexpr uint32_t kUdp =
    Bit(v1::PING_METHOD_UDP) | Bit(v1::PING_METHOD_UDP_DPORT) | Bit(v1::PING_METHOD_UDP_SPORT);
constexpr uint32_t kSyn = Bit(v1::PING_METHOD_TCP_SYN) | Bit(v1::PING_METHOD_TCP_SYN_SPORT);
constexpr uint32_t kSynAck = Bit(v1::PING_METHOD_TCP_SYNACK);
constexpr uint32_t kSequence = kSyn | Bit(v1::PING_METHOD_TCP_RST);
constexpr uint32_t kAcknowledgement =
    kSynAck | Bit(v1::PING_METHOD_TCP_ACK) | Bit(v1::PING_METHOD_TCP_ACK_SPORT);
constexpr uint32_t kTcp = kSequence | kAcknowledgement;
constexpr uint32_t kVariesSport = Bit(v1::PING_METHOD_TCP_ACK_SPORT) |
                                  Bit(v1::PING_METHOD_TCP_SYN_SPORT) |
                                  Bit(v1::PING_METHOD_UDP_SPORT);

// What scamper takes where the parameter is absent.
constexpr uint32_t kDefaultAttempts = 4;
constexpr uint32_t kDefaultDport = 33435;

constexpr int kMaxPrespecified = 4;

void CheckTsprespec(const Parameters& p, const Option& option, Violations* out) {
  const auto& addrs = static_cast<const P&>(p.message).tsprespec().addrs();
  const std::string path = absl::StrCat(FieldPath(p, option.field), ".addrs");
  if (addrs.empty() || addrs.size() > kMaxPrespecified) {
    out->push_back(
        {path, absl::StrCat("must be 1 - ", kMaxPrespecified, " addresses, are ", addrs.size())});
    return;
  }
  for (int i = 0; i < addrs.size(); ++i) {
    const auto address = CheckedAddress(addrs[i], false);
    if (address.ok()) continue;
    out->push_back({absl::StrCat(path, "[", i, "]"), std::string(address.status().message())});
  }
}

absl::Status AppendTsprespec(const Parameters& p, const Option& option, int, std::string* command) {
  std::vector<std::string> addrs;
  for (const std::string& text : static_cast<const P&>(p.message).tsprespec().addrs()) {
    const auto address = base::ParseIpAddress(text);
    if (!address.has_value()) return absl::InternalError("an address was not checked");
    addrs.push_back(base::FormatIpAddress(*address));
  }
  absl::StrAppend(command, " ", option.option, absl::StrJoin(addrs, ","));
  return absl::OkStatus();
}

constexpr OptionKind kTsprespec = {CheckTsprespec, AppendTsprespec};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kMethodFieldNumber, .option = "-P", .kind = &kEnum, .choices = kMethods},
    {.field = P::kAttemptsFieldNumber, .option = "-c", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kTcpSeqFieldNumber, .option = "-A", .kind = &kNumber, .max = 4294967295,
     .methods = kSequence},
    {.field = P::kTcpAckFieldNumber, .option = "-A", .kind = &kNumber, .max = 4294967295,
     .methods = kAcknowledgement},
    {.field = P::kIcmpIdFieldNumber, .option = "-F", .kind = &kNumber, .max = 65535,
     .methods = kIcmp},
    {.field = P::kIcmpSeqFieldNumber, .option = "-d", .kind = &kNumber, .max = 65535,
     .methods = kIcmp},
    {.field = P::kIcmpSumFieldNumber, .option = "-C", .kind = &kNumber, .max = 65535,
     .methods = kIcmp},
    {.field = P::kSportFieldNumber, .option = "-F", .kind = &kNumber, .max = 65535,
     .methods = kUdp | kTcp},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .max = 65535,
     .methods = kUdp | kTcp},
    {.field = P::kWaitProbeFieldNumber, .option = "-i", .kind = &kTime, .min = kMillisecond,
     .max = 20 * kSecond, .old_time = {.fraction_since = 1}},
    // The fraction came with 20211212b, whose number is that of 20211212, which has none.
    {.field = P::kWaitTimeoutFieldNumber, .option = "-W", .kind = &kTime, .min = kMillisecond,
     .max = 255 * kSecond, .old_time = {.fraction_since = 20230224}},
    {.field = P::kTosFieldNumber, .option = "-z", .kind = &kNumber, .max = 255},
    {.field = P::kTtlFieldNumber, .option = "-m", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kMtuFieldNumber, .option = "-M", .kind = &kNumber, .max = 65535,
     .unit = " bytes"},
    {.field = P::kStopCountFieldNumber, .option = "-o", .kind = &kNumber, .max = 65535},
    {.field = P::kPayloadFieldNumber, .option = "-B", .kind = &kHexBytes, .min = 1, .max = 1000},
    {.field = P::kRtrFieldNumber, .option = "-r", .kind = &kAddress},
    {.field = P::kRecordrouteFieldNumber, .option = "-R", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kSizeFieldNumber, .option = "-s", .kind = &kNumber, .max = 65535,
     .unit = " bytes"},
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kDltxFieldNumber, .option = "-O dltx", .kind = &kFlag, .since = 20250505},
    {.field = P::kPayloadSizeFieldNumber, .option = "-b", .kind = &kNumber, .max = 65535,
     .unit = " bytes", .since = 20240117},
    // 20211212 refuses the last digit, 20260420 takes it; releases between were not tried, so
    // the one after 20211212 is taken and a refusal left to scamper.
    {.field = P::kPatternFieldNumber, .option = "-p", .kind = &kHexDigits, .min = 1, .max = 32,
     .old_range = {.min = 1, .max = 31, .full_since = 20230224}},
    {.field = P::kTsonlyFieldNumber, .option = "-T tsonly", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kTsandaddrFieldNumber, .option = "-T tsandaddr", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kTsprespecFieldNumber, .option = "-T tsprespec=", .kind = &kTsprespec,
     .family = Family::kIpv4Only},
    {.field = P::kStreamFieldNumber, .option = "-y", .kind = &kNumber, .max = 20,
     .unit = " probes", .since = 20250603},
    {.field = P::kDlFieldNumber, .option = "-O dl", .kind = &kFlag},
    {.field = P::kMssFieldNumber, .option = "-O mss=", .kind = &kNumber, .max = 65535,
     .unit = " bytes", .since = 20250401, .methods = kSyn | kSynAck},
    {.field = P::kNosrcFieldNumber, .option = "-O nosrc", .kind = &kFlag},
    {.field = P::kRawFieldNumber, .option = "-O raw", .kind = &kFlag, .since = 20240229,
     .methods = kTcp, .family = Family::kIpv4Only},
    {.field = P::kSockrxFieldNumber, .option = "-O sockrx", .kind = &kFlag, .since = 20240716},
    {.field = P::kSpoofFieldNumber, .option = "-O spoof", .kind = &kFlag},
    {.field = P::kTbtFieldNumber, .option = "-O tbt", .kind = &kFlag,
     .family = Family::kIpv6Only},
};
// clang-format on

int Method(const P& ping) { return ping.has_method() ? ping.method() : v1::PING_METHOD_ICMP_ECHO; }

Parameters ParametersOf(const P& ping) {
  return {ping, "ping", kOptions, kMethods, Method(ping), base::ParseIpAddress(ping.dst())};
}

bool Uses(const P& ping, uint32_t methods) {
  const int method = Method(ping);
  return method >= 0 && method < 32 && (methods >> method & 1) != 0;
}

bool AsksForTimestamps(const P& ping) {
  return ping.tsonly() || ping.tsandaddr() || ping.has_tsprespec();
}

// IPv4 options are filled up to whole words of four bytes.
uint32_t IpHeaderSize(const P& ping, bool ipv6) {
  if (ipv6) return 40;
  if (ping.recordroute() || ping.tsonly()) return 20 + 40;
  if (ping.tsandaddr()) return 20 + 36;
  if (ping.has_tsprespec()) return 20 + 4 + 8 * ping.tsprespec().addrs_size();
  return 20;
}

uint32_t TransportHeaderSize(const P& ping) {
  if (Uses(ping, Bit(v1::PING_METHOD_ICMP_TIME))) return 20;
  if (Uses(ping, kTcp)) return ping.has_mss() ? 24 : 20;
  return 8;
}

// Bytes of payload that were asked for.
uint32_t WantedPayload(const P& ping) {
  return std::max<uint32_t>(static_cast<uint32_t>(ping.payload().size()), ping.payload_size());
}

// Size of the probe as scamper computes it where none, or 0, is given.
uint32_t ProbeSize(const P& ping, bool ipv6) {
  if (ping.size() != 0) return ping.size();
  uint32_t payload = WantedPayload(ping);
  if (!ping.has_payload() && !ping.has_payload_size()) {
    payload = Uses(ping, Bit(v1::PING_METHOD_ICMP_ECHO)) ? 56 : Uses(ping, kUdp) ? 12 : 0;
  }
  return IpHeaderSize(ping, ipv6) + TransportHeaderSize(ping) + payload;
}

void CheckPorts(const P& ping, Violations* out) {
  const uint32_t attempts = ping.has_attempts() ? ping.attempts() : kDefaultAttempts;
  const auto check = [&](absl::string_view name, uint32_t first, bool given) {
    const uint64_t last = uint64_t{first} + attempts - (attempts > 0);
    if (last <= 65535 || first > 65535 || attempts > 65535) return;
    out->push_back({given ? absl::StrCat("ping.", name) : "ping.attempts",
                    absl::StrCat("must keep ", name, " + attempts - 1 within 65535, is ", first,
                                 " + ", attempts, " - 1")});
  };
  if (Uses(ping, kVariesSport) && ping.has_sport()) check("sport", ping.sport(), true);
  if (Uses(ping, Bit(v1::PING_METHOD_UDP_DPORT))) {
    check("dport", ping.has_dport() ? ping.dport() : kDefaultDport, ping.has_dport());
  }
}

void CheckSizes(const P& ping, bool ipv6, Violations* out) {
  const uint32_t steered = ping.has_icmp_sum() ? 2 : 0;
  const uint32_t minimum =
      IpHeaderSize(ping, ipv6) + TransportHeaderSize(ping) + std::max(WantedPayload(ping), steered);
  if (ping.size() != 0 && ping.size() < minimum) {
    out->push_back({"ping.size", absl::StrCat("must be 0, or at least ", minimum,
                                              " bytes for headers and payload, is ", ping.size())});
  }
  if (ping.has_payload_size() && ping.payload_size() < ping.payload().size()) {
    out->push_back({"ping.payload_size",
                    absl::StrCat("must not be less than the payload's ", ping.payload().size(),
                                 " bytes, is ", ping.payload_size())});
  }
  const bool payload_known = ping.has_payload() || ping.has_payload_size();
  if (ping.has_icmp_sum() && payload_known && WantedPayload(ping) < steered) {
    out->push_back({"ping.icmp_sum", absl::StrCat("needs a payload of at least 2 bytes, which is ",
                                                  WantedPayload(ping))});
  }
}

void CheckTbt(const P& ping, Violations* out) {
  if (!ping.tbt()) return;
  const uint32_t size = ProbeSize(ping, true);
  if (ping.mtu() == 0 || ping.mtu() >= size) {
    out->push_back(
        {"ping.tbt", absl::StrCat("needs an mtu of 1 - ", size - 1,
                                  " bytes, less than the probe, which is ", ping.mtu())});
  }
}

void CheckCombinations(const P& ping, Violations* out) {
  if (ping.has_payload() && ping.has_pattern()) {
    out->push_back({"ping.pattern", "must not be together with payload"});
  }
  if (ping.recordroute() && AsksForTimestamps(ping)) {
    out->push_back({"ping.recordroute", "must not be together with timestamp"});
  }
  if (ping.sockrx() && ping.has_mtu()) {
    out->push_back({"ping.sockrx", "must not be together with mtu"});
  }
  if (ping.spoof() && !ping.has_src()) out->push_back({"ping.spoof", "needs src"});
}

}  // namespace

std::vector<FieldViolation> ValidatePing(const P& ping) {
  Violations violations;
  const Parameters parameters = ParametersOf(ping);
  CheckOptions(parameters, &violations);
  CheckPorts(ping, &violations);
  CheckCombinations(ping, &violations);
  if (!parameters.dst.has_value()) return violations;
  const bool ipv6 = parameters.dst->v6;
  if (ipv6 && Uses(ping, Bit(v1::PING_METHOD_ICMP_TIME))) {
    violations.push_back({"ping.method", "icmp-time needs an IPv4 destination"});
  }
  CheckSizes(ping, ipv6, &violations);
  if (ipv6) CheckTbt(ping, &violations);
  return violations;
}

absl::StatusOr<std::string> PingCommand(const P& ping, int version) {
  return BuildCommand("ping", ParametersOf(ping), version);
}

// Each attempt is a probe, unless enough replies came before; a pseudo path MTU has a packet too
// big sent for a reply that is larger, so for each reply at most.
Probing PingProbing(const P& ping) {
  Probing probing;
  AddTarget("ping.dst", ping.dst(), &probing);
  AddTarget("ping.rtr", ping.rtr(), &probing);
  if (ping.spoof()) {
    AddTarget("ping.src", ping.src(), &probing);
    probing.spoofing.emplace_back("ping.spoof");
  }
  const uint64_t attempts = ping.has_attempts() ? ping.attempts() : kDefaultAttempts;
  const uint64_t probes =
      ping.stop_count() != 0 ? std::min<uint64_t>(attempts, ping.stop_count()) : attempts;
  probing.packets = ping.mtu() != 0 ? probes + 1 : probes;
  probing.packets_max = ping.mtu() != 0 ? 2 * attempts : attempts;
  probing.micros =
      WaitsBetween(probes, MicrosOr(ping.has_wait_probe(), ping.wait_probe(), kSecond));
  return probing;
}

}  // namespace scamper::records
