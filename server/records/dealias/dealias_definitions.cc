// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_definitions.h"

#include <cstdint>
#include <utility>

#include "server/base/ip_address.h"

namespace scamper::records {
namespace {

using P = v1::DealiasProbedefParameters;
using Violations = std::vector<FieldViolation>;

constexpr Choice kMethods[] = {
    {v1::DEALIAS_PROBE_METHOD_ICMP_ECHO, "icmp-echo"},
    {v1::DEALIAS_PROBE_METHOD_TCP_ACK, "tcp-ack"},
    {v1::DEALIAS_PROBE_METHOD_UDP, "udp"},
    {v1::DEALIAS_PROBE_METHOD_TCP_ACK_SPORT, "tcp-ack-sport"},
    {v1::DEALIAS_PROBE_METHOD_UDP_DPORT, "udp-dport"},
    {v1::DEALIAS_PROBE_METHOD_TCP_SYN_SPORT, "tcp-syn-sport"},
};

constexpr uint32_t Bit(v1::DealiasProbeMethod method) { return 1u << method; }

constexpr uint32_t kIcmp = Bit(v1::DEALIAS_PROBE_METHOD_ICMP_ECHO);
constexpr uint32_t kTcp = Bit(v1::DEALIAS_PROBE_METHOD_TCP_ACK) |
                          Bit(v1::DEALIAS_PROBE_METHOD_TCP_ACK_SPORT) |
                          Bit(v1::DEALIAS_PROBE_METHOD_TCP_SYN_SPORT);
constexpr uint32_t kPorts =
    kTcp | Bit(v1::DEALIAS_PROBE_METHOD_UDP) | Bit(v1::DEALIAS_PROBE_METHOD_UDP_DPORT);

void CheckNothing(const Parameters&, const Option&, Violations*) {}

absl::Status AppendDst(const Parameters& p, const Option& option, int version,
                       std::string* command) {
  return kAddress.append(p, option, version, command);
}

// CheckAddresses checks it.
constexpr OptionKind kDst = {CheckNothing, AppendDst};

// clang-format off
const Option kOptions[] = {
    {.field = P::kMethodFieldNumber, .option = "-P", .kind = &kEnum, .choices = kMethods},
    {.field = P::kDstFieldNumber, .option = "-i", .kind = &kDst},
    {.field = P::kTtlFieldNumber, .option = "-t", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kSizeFieldNumber, .option = "-s", .kind = &kNumber, .min = 28, .max = 65535,
     .unit = " bytes", .since = kNewDefinitionsSince},
    {.field = P::kSportFieldNumber, .option = "-F", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kPorts},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535,
     .methods = kPorts},
    {.field = P::kIcmpSumFieldNumber, .option = "-c", .kind = &kNumber, .max = 65535,
     .methods = kIcmp},
    {.field = P::kMtuFieldNumber, .option = "-M", .kind = &kNumber, .min = 100, .max = 65535,
     .unit = " bytes"},
};
// clang-format on

Parameters ParametersOf(const Definition& definition) {
  const P& p = definition.probedef;
  return {.message = p,
          .path = definition.path,
          .options = kOptions,
          .methods = kMethods,
          .method = p.has_method() ? p.method() : v1::DEALIAS_PROBE_METHOD_UDP};
}

void CheckSize(const Definition& definition, std::optional<bool> ipv6, Violations* out) {
  const uint32_t size = definition.probedef.size();
  const Parameters p = ParametersOf(definition);
  const bool tcp = p.method >= 0 && p.method < 32 && (kTcp >> p.method & 1) != 0;
  const uint32_t minimum = (ipv6.value_or(false) ? 40 : 20) + (tcp ? 20 : 10);
  if (size < 28 || size > 65535 || size >= minimum) return;
  out->push_back({absl::StrCat(definition.path, ".size"),
                  absl::StrCat("must be at least ", minimum,
                               " bytes for the headers of the method, is ", size)});
}

void CheckFudge(const Parameters& p, const Option& option, Violations* out) {
  kNumber.check(p, option, out);
}

absl::Status AppendFudge(const Parameters& p, const Option& option, int version,
                         std::string* command) {
  std::string fudge;
  absl::Status status = kNumber.append(p, option, version, &fudge);
  if (status.ok()) absl::StrAppend(command, fudge == " -f 0" ? " -O inseq" : fudge);
  return status;
}

}  // namespace

const OptionKind kFudge = {CheckFudge, AppendFudge};

void AppendAddresses(const google::protobuf::RepeatedPtrField<std::string>& addrs,
                     absl::string_view path, std::vector<NamedAddress>* out) {
  for (int i = 0; i < addrs.size(); ++i) {
    out->push_back({absl::StrCat(path, "[", i, "]"), addrs[i]});
  }
}

void AppendDsts(absl::Span<const Definition> definitions, std::vector<NamedAddress>* out) {
  for (const Definition& definition : definitions) {
    out->push_back({absl::StrCat(definition.path, ".dst"), definition.probedef.dst()});
  }
}

std::optional<bool> CheckAddresses(absl::Span<const NamedAddress> addresses,
                                   std::optional<bool> ipv6, Violations* out) {
  for (const NamedAddress& named : addresses) {
    const auto address = CheckedAddress(named.text, ipv6);
    if (!address.ok()) {
      out->push_back({named.path, std::string(address.status().message())});
    } else if (!ipv6.has_value()) {
      ipv6 = address->v6;
    }
  }
  return ipv6;
}

void CheckDefinitions(absl::Span<const Definition> definitions, std::optional<bool> ipv6,
                      Violations* out) {
  for (const Definition& definition : definitions) {
    CheckOptions(ParametersOf(definition), out);
    CheckSize(definition, ipv6, out);
  }
}

void CheckNoDst(absl::Span<const Definition> definitions, Violations* out) {
  for (const Definition& definition : definitions) {
    if (!definition.probedef.has_dst()) continue;
    out->push_back({absl::StrCat(definition.path, ".dst"),
                    "must not be given: the measurement has the addresses"});
  }
}

absl::StatusOr<std::string> BuildDealiasCommand(const Parameters& parameters,
                                                absl::Span<const Definition> definitions,
                                                absl::string_view target, int version) {
  if (version != 0 && version < parameters.since) {
    return NeedsVersion(parameters.path, parameters.since, version);
  }
  std::string words = absl::StrCat("dealias -m ", parameters.path);
  for (const Definition& definition : definitions) {
    std::string options;
    const absl::Status status = AppendOptions(ParametersOf(definition), version, &options);
    if (!status.ok()) return status;
    // An empty definition is none to scamper.
    if (options.empty()) options = " -P udp";
    absl::StrAppend(&words, " -p '", options.substr(1), "'");
  }
  return BuildCommand(words, parameters, target, version);
}

std::string AddressWords(absl::Span<const std::string> addresses) {
  std::string words;
  for (const std::string& text : addresses) {
    const auto address = base::ParseIpAddress(text);
    absl::StrAppend(&words, words.empty() ? "" : " ",
                    address.has_value() ? base::FormatIpAddress(*address) : "");
  }
  return words;
}

void AddDefinitionTargets(absl::string_view path,
                          const google::protobuf::RepeatedPtrField<P>& definitions,
                          Probing* probing) {
  for (int i = 0; i < definitions.size(); ++i) {
    AddTarget(absl::StrCat(path, ".probedefs[", i, "].dst"), definitions[i].dst(), probing);
  }
}

}  // namespace scamper::records
