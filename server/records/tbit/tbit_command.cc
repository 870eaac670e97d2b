// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_command.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"
#include "server/records/http/http_url.h"

namespace scamper::records {
namespace {

using P = v1::TbitParameters;
using Violations = std::vector<FieldViolation>;

constexpr Choice kTypes[] = {
    {v1::TBIT_TYPE_PMTUD, "pmtud"},
    {v1::TBIT_TYPE_ECN, "ecn"},
    {v1::TBIT_TYPE_NULL, "null"},
    {v1::TBIT_TYPE_SACK_RCVR, "sack-rcvr"},
    {v1::TBIT_TYPE_ICW, "icw"},
    {v1::TBIT_TYPE_BLIND_DATA, "blind-data"},
    {v1::TBIT_TYPE_BLIND_RST, "blind-rst"},
    {v1::TBIT_TYPE_BLIND_SYN, "blind-syn"},
    {v1::TBIT_TYPE_BLIND_FIN, "blind-fin"},
};

constexpr Choice kApps[] = {
    {v1::TBIT_APP_HTTP, "http"},
    {v1::TBIT_APP_BGP, "bgp"},
};

constexpr uint32_t Bit(v1::TbitType type) { return 1u << type; }

constexpr uint32_t kPmtud = Bit(v1::TBIT_TYPE_PMTUD);
constexpr uint32_t kBlind = Bit(v1::TBIT_TYPE_BLIND_DATA) | Bit(v1::TBIT_TYPE_BLIND_RST) |
                            Bit(v1::TBIT_TYPE_BLIND_SYN) | Bit(v1::TBIT_TYPE_BLIND_FIN);

void CheckUrl(const Parameters& p, const Option& option, Violations* out) {
  const std::string& url = static_cast<const P&>(p.message).url();
  if (ParseUrl(url).has_value()) return;
  out->push_back({FieldPath(p, option.field), absl::StrCat(kUrlForm, ", is ", ShowText(url))});
}

absl::Status AppendUrl(const Parameters& p, const Option& option, int version,
                       std::string* command) {
  return kText.append(p, option, version, command);
}

constexpr OptionKind kUrl = {CheckUrl, AppendUrl};

void CheckCookie(const Parameters& p, const Option& option, Violations* out) {
  const size_t length = static_cast<const P&>(p.message).cookie().size();
  if (length % 4 == 0 && length >= 4 && length <= 16) return;
  out->push_back(
      {FieldPath(p, option.field), absl::StrCat("must have 4, 8, 12 or 16 bytes, has ", length)});
}

absl::Status AppendCookie(const Parameters& p, const Option& option, int version,
                          std::string* command) {
  return kHexBytes.append(p, option, version, command);
}

constexpr OptionKind kCookie = {CheckCookie, AppendCookie};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kMethodFieldNumber, .option = "-t", .kind = &kEnum, .choices = kTypes},
    {.field = P::kAppFieldNumber, .option = "-p", .kind = &kEnum, .choices = kApps},
    {.field = P::kUrlFieldNumber, .option = "-u", .kind = &kUrl},
    {.field = P::kDportFieldNumber, .option = "-d", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kSportFieldNumber, .option = "-s", .kind = &kNumber, .min = 1, .max = 65535},
    {.field = P::kAsnFieldNumber, .option = "-b", .kind = &kNumber, .max = 65535},
    {.field = P::kCookieFieldNumber, .option = "-f", .kind = &kCookie},
    {.field = P::kMssFieldNumber, .option = "-m", .kind = &kNumber, .max = 65535,
     .unit = " bytes"},
    {.field = P::kMtuFieldNumber, .option = "-M", .kind = &kNumber, .max = 65535,
     .unit = " bytes"},
    {.field = P::kOffsetFieldNumber, .option = "-o", .kind = &kSigned, .min = -2147483647,
     .max = 2147483647, .methods = kBlind},
    {.field = P::kBlackholeFieldNumber, .option = "-O blackhole", .kind = &kFlag,
     .methods = kPmtud},
    {.field = P::kTcptsFieldNumber, .option = "-O tcpts", .kind = &kFlag},
    {.field = P::kIptsSynFieldNumber, .option = "-O ipts-syn", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kIprrSynFieldNumber, .option = "-O iprr-syn", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kIpqsSynFieldNumber, .option = "-O ipqs-syn", .kind = &kFlag,
     .family = Family::kIpv4Only},
    {.field = P::kSackFieldNumber, .option = "-O sack", .kind = &kFlag},
    {.field = P::kFoFieldNumber, .option = "-O fo", .kind = &kFlag},
    {.field = P::kFoExpFieldNumber, .option = "-O fo-exp", .kind = &kFlag},
    {.field = P::kPtbsrcFieldNumber, .option = "-P", .kind = &kAddress},
    {.field = P::kSrcFieldNumber, .option = "-S", .kind = &kAddress},
    {.field = P::kAttemptsFieldNumber, .option = "-q", .kind = &kNumber, .min = 1, .max = 4},
    {.field = P::kTtlFieldNumber, .option = "-T", .kind = &kNumber, .min = 1, .max = 255},
    {.field = P::kWscaleFieldNumber, .option = "-w", .kind = &kNumber, .max = 14},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
};
// clang-format on

Parameters ParametersOf(const P& tbit) {
  const int method = tbit.has_method() ? tbit.method() : v1::TBIT_TYPE_NULL;
  return {tbit, "tbit", kOptions, kTypes, method, base::ParseIpAddress(tbit.dst())};
}

}  // namespace

std::vector<FieldViolation> ValidateTbit(const P& tbit) {
  Violations violations;
  CheckOptions(ParametersOf(tbit), &violations);
  const auto url = ParseUrl(tbit.url());
  if (url.has_value() && url->port.has_value() && tbit.has_dport() && *url->port != tbit.dport()) {
    violations.push_back({"tbit.dport", absl::StrCat("must be the port of the url, which is ",
                                                     *url->port, ", is ", tbit.dport())});
  }
  if (tbit.has_asn() && tbit.app() != v1::TBIT_APP_BGP) {
    violations.push_back({"tbit.asn", "needs app bgp"});
  }
  return violations;
}

absl::StatusOr<std::string> TbitCommand(const P& tbit, int version) {
  return BuildCommand("tbit", ParametersOf(tbit), version);
}

// As of a fetch by http, and some packets of the test. Packets too big may come from an address
// that is not the host's; nothing answers these.
Probing TbitProbing(const P& tbit) {
  Probing probing;
  AddTarget("tbit.dst", tbit.dst(), &probing);
  if (tbit.has_ptbsrc()) probing.spoofing.emplace_back("tbit.ptbsrc");
  probing.packets = 15;
  return probing;
}

}  // namespace scamper::records
