// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_names.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace scamper::records {
namespace {

struct Name {
  uint32_t number;
  const char* name;
};

constexpr Name kTypes[] = {
    {1, "A"},     {2, "NS"},      {5, "CNAME"}, {6, "SOA"},    {12, "PTR"},   {15, "MX"},
    {16, "TXT"},  {28, "AAAA"},   {41, "OPT"},  {43, "DS"},    {44, "SSHFP"}, {46, "RRSIG"},
    {47, "NSEC"}, {48, "DNSKEY"}, {64, "SVCB"}, {65, "HTTPS"},
};

constexpr const char* kRcodes[] = {"NoError", "FormErr", "ServFail", "NXDomain",
                                   "NotImp",  "Refused", "YXDomain", "YXRRSet",
                                   "NXRRSet", "NotAuth", "NotZone",  "DSOTYPENI"};
// From 16 on.
constexpr const char* kExtendedRcodes[] = {"BADVERS", "BADKEY", "BADTIME",  "BADMODE",
                                           "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE"};
constexpr const char* kToolExtendedRcodes[] = {"BADVERS", "BADKEY",   "BADTIME",  "BADMODEBADNAME",
                                               "BADALG",  "BADTRUNC", "BADCOOKIE"};
constexpr uint32_t kFirstExtended = 16;

}  // namespace

std::string HostTypeName(uint32_t type) {
  for (const Name& entry : kTypes) {
    if (entry.number == type) return entry.name;
  }
  return absl::StrCat(type);
}

std::string HostClassName(uint32_t rclass) {
  return rclass == 1 ? "IN" : rclass == 3 ? "CH" : absl::StrCat(rclass);
}

std::string HostRcodeName(uint32_t rcode) {
  if (rcode < std::size(kRcodes)) return kRcodes[rcode];
  if (rcode >= kFirstExtended && rcode - kFirstExtended < std::size(kExtendedRcodes))
    return kExtendedRcodes[rcode - kFirstExtended];
  return absl::StrCat(rcode);
}

std::string HostRcodeToolName(uint32_t rcode) {
  if (rcode < std::size(kRcodes)) return kRcodes[rcode];
  if (rcode < kFirstExtended) return "(null)";
  if (rcode - kFirstExtended < std::size(kToolExtendedRcodes))
    return kToolExtendedRcodes[rcode - kFirstExtended];
  return absl::StrCat(rcode);
}

}  // namespace scamper::records
