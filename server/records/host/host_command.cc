// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_command.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/records/command_options.h"

namespace scamper::records {
namespace {

using P = v1::DnsParameters;
using Violations = std::vector<FieldViolation>;

constexpr size_t kMaxName = 253;
constexpr size_t kMaxLabel = 63;
constexpr uint32_t kMaxAttempts = 4;

// 20211212 refuses NS and servers with IPv6, and records no userid; 20260420 knows them. Releases
// between were not tried.
constexpr int kSince = 20230224;

constexpr Choice kTypes[] = {
    {v1::HOST_QUERY_TYPE_A, "A"},
    {v1::HOST_QUERY_TYPE_NS, "NS", kSince},
    {v1::HOST_QUERY_TYPE_SOA, "SOA", 20230605},
    {v1::HOST_QUERY_TYPE_PTR, "PTR"},
    {v1::HOST_QUERY_TYPE_MX, "MX"},
    {v1::HOST_QUERY_TYPE_TXT, "TXT", 20240503},
    {v1::HOST_QUERY_TYPE_AAAA, "AAAA"},
    {v1::HOST_QUERY_TYPE_SVCB, "SVCB", 20250227},
    {v1::HOST_QUERY_TYPE_HTTPS, "HTTPS", 20260331},
};

constexpr Choice kClasses[] = {
    {v1::HOST_QUERY_CLASS_IN, "IN"},
    {v1::HOST_QUERY_CLASS_CH, "CH"},
};

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; });
}

bool IsName(absl::string_view name) {
  if (name.empty() || name.front() == '-') return false;
  absl::ConsumeSuffix(&name, ".");
  if (name.size() > kMaxName) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  // A single dot is the root.
  return name.empty() || std::all_of(labels.begin(), labels.end(), IsLabel);
}

void CheckName(const Parameters& p, const Option& option, Violations* out) {
  const std::string& name = static_cast<const P&>(p.message).qname();
  const auto address = base::ParseIpAddress(name);
  if (address.has_value()) {
    const auto checked = CheckedAddress(name, std::nullopt);
    if (checked.ok()) return;
    out->push_back({FieldPath(p, option.field), std::string(checked.status().message())});
  } else if (!IsName(name)) {
    out->push_back({FieldPath(p, option.field),
                    absl::StrCat("must be a host name of letters, digits, '-', '_' and '.', or an "
                                 "address, is ",
                                 ShowText(name))});
  }
}

absl::Status AppendNothing(const Parameters&, const Option&, int, std::string*) {
  return absl::OkStatus();
}

constexpr OptionKind kName = {CheckName, AppendNothing};

void CheckType(const Parameters& p, const Option& option, Violations* out) {
  kEnum.check(p, option, out);
  const P& dns = static_cast<const P&>(p.message);
  const bool ptr = dns.qtype() == v1::HOST_QUERY_TYPE_PTR;
  if (!IsName(dns.qname()) && !base::ParseIpAddress(dns.qname()).has_value()) return;
  if (ptr != base::ParseIpAddress(dns.qname()).has_value()) {
    out->push_back({FieldPath(p, option.field),
                    ptr ? "PTR needs an address as qname" : "must be PTR for an address as qname"});
  }
}

absl::Status AppendType(const Parameters& p, const Option& option, int version,
                        std::string* command) {
  return kEnum.append(p, option, version, command);
}

constexpr OptionKind kType = {CheckType, AppendType};

void CheckServer(const Parameters& p, const Option& option, Violations* out) {
  kAddress.check(p, option, out);
}

absl::Status AppendServer(const Parameters& p, const Option& option, int version,
                          std::string* command) {
  const auto server = base::ParseIpAddress(static_cast<const P&>(p.message).server());
  if (version != 0 && version < kSince && server.has_value() && server->v6) {
    return NeedsVersion(absl::StrCat(FieldPath(p, option.field), " with IPv6"), kSince, version);
  }
  return kAddress.append(p, option, version, command);
}

constexpr OptionKind kServer = {CheckServer, AppendServer};

// scamper counts the repetitions.
absl::Status AppendAttempts(const Parameters& p, const Option& option, int, std::string* command) {
  absl::StrAppend(command, " ", option.option, " ",
                  static_cast<const P&>(p.message).attempts() - 1);
  return absl::OkStatus();
}

void CheckAttempts(const Parameters& p, const Option& option, Violations* out) {
  kNumber.check(p, option, out);
  const P& dns = static_cast<const P&>(p.message);
  if (dns.tcp() && dns.attempts() > 1 && dns.attempts() <= kMaxAttempts) {
    out->push_back(
        {FieldPath(p, option.field), absl::StrCat("must be 1 with tcp, is ", dns.attempts())});
  }
}

constexpr OptionKind kAttempts = {CheckAttempts, AppendAttempts};

void CheckNothing(const Parameters&, const Option&, Violations*) {}

absl::Status AppendRecursion(const Parameters& p, const Option& option, int, std::string* command) {
  if (!static_cast<const P&>(p.message).rd()) absl::StrAppend(command, " ", option.option);
  return absl::OkStatus();
}

constexpr OptionKind kRecursion = {CheckNothing, AppendRecursion};

// "ADDRESS/LENGTH" in its one form; nothing where it is none.
std::optional<std::string> Subnet(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  uint32_t length = 0;
  if (parts.size() != 2 || parts[1].empty() || parts[1].size() > 3 ||
      !std::all_of(parts[1].begin(), parts[1].end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(parts[1], &length)) {
    return std::nullopt;
  }
  const auto address = CheckedAddress(parts[0], std::nullopt);
  if (!address.ok() || length > 8 * address->size()) return std::nullopt;
  return absl::StrCat(base::FormatIpAddress(*address), "/", length);
}

void CheckSubnet(const Parameters& p, const Option& option, Violations* out) {
  const std::string& text = static_cast<const P&>(p.message).ecs();
  if (Subnet(text).has_value()) return;
  out->push_back({FieldPath(p, option.field),
                  absl::StrCat("must be ADDRESS/LENGTH with a length of 0 - 32 or 0 - 128, is ",
                               ShowText(text))});
}

absl::Status AppendSubnet(const Parameters& p, const Option& option, int, std::string* command) {
  const auto subnet = Subnet(static_cast<const P&>(p.message).ecs());
  if (!subnet.has_value()) return absl::InternalError("a subnet was not checked");
  absl::StrAppend(command, " ", option.option, *subnet);
  return absl::OkStatus();
}

constexpr OptionKind kSubnet = {CheckSubnet, AppendSubnet};

// clang-format off
const Option kOptions[] = {
    {.field = P::kQnameFieldNumber, .option = "", .kind = &kName, .mandatory = true},
    {.field = P::kServerFieldNumber, .option = "-s", .kind = &kServer},
    {.field = P::kQclassFieldNumber, .option = "-c", .kind = &kEnum, .since = 20240503,
     .choices = kClasses},
    {.field = P::kQtypeFieldNumber, .option = "-t", .kind = &kType, .choices = kTypes},
    {.field = P::kAttemptsFieldNumber, .option = "-R", .kind = &kAttempts, .min = 1,
     .max = kMaxAttempts},
    {.field = P::kRdFieldNumber, .option = "-r", .kind = &kRecursion},
    {.field = P::kWaitTimeoutFieldNumber, .option = "-W", .kind = &kTime, .min = kSecond,
     .max = 5 * kSecond, .step = kMillisecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295,
     .since = kSince},
    {.field = P::kTcpFieldNumber, .option = "-T", .kind = &kFlag, .since = 20240503},
    {.field = P::kNsidFieldNumber, .option = "-O nsid", .kind = &kFlag, .since = 20240916},
    {.field = P::kEcsFieldNumber, .option = "-O subnet=", .kind = &kSubnet, .since = 20250227},
};
// clang-format on

Parameters ParametersOf(const P& dns) {
  return {.message = dns, .path = "dns", .options = kOptions};
}

}  // namespace

std::vector<FieldViolation> ValidateDns(const P& dns) {
  Violations violations;
  CheckOptions(ParametersOf(dns), &violations);
  return violations;
}

absl::StatusOr<std::string> DnsCommand(const P& dns, int version) {
  const auto address = base::ParseIpAddress(dns.qname());
  std::string target = address.has_value() ? base::FormatIpAddress(*address) : dns.qname();
  if (target.size() > 1 && target.back() == '.') target.pop_back();
  return BuildCommand("host", ParametersOf(dns), target, version);
}

// One query, answered. Over TCP: SYN, acknowledgement, query, acknowledgement of the response, FIN.
// Without a server it goes to the name server of scamper's host.
Probing DnsProbing(const P& dns) {
  Probing probing;
  AddTarget("dns.server", dns.server(), &probing);
  probing.packets = dns.tcp() ? 5 : 1;
  if (!dns.tcp()) probing.packets_max = dns.has_attempts() ? dns.attempts() : 1;
  return probing;
}

}  // namespace scamper::records
