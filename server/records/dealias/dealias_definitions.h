// SPDX-License-Identifier: Apache-2.0
// What the commands of all techniques share: probe definitions, addresses, the words of a command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "scamper/v1/dealias.pb.h"
#include "server/records/command_options.h"
#include "server/records/probing.h"

namespace scamper::records {

// 20211212 refuses some uses of probe definitions that 20260420 takes; releases between were not
// tried, so the one after 20211212 is taken and a refusal left to scamper.
inline constexpr int kNewDefinitionsSince = 20230224;

// Times of the techniques, beside those of midarest and midardisc.
inline constexpr int64_t kMaxWaitProbe = 65535 * kMillisecond;
inline constexpr int64_t kMaxWaitRound = 180 * kSecond;
inline constexpr int64_t kMaxWaitTimeout = 255 * kSecond;
// Between probes where nothing is said, of ally and radargun.
inline constexpr int64_t kDefaultWaitProbe = 150 * kMillisecond;

// A kind of probe, and what goes before the names of its fields in violations:
// "radargun.probedefs[0]".
struct Definition {
  v1::DealiasProbedefParameters probedef;
  std::string path;
};

// The probedefs of the message; `path` is its own: "radargun".
template <typename P>
std::vector<Definition> DefinitionsOf(const P& p, absl::string_view path) {
  std::vector<Definition> definitions;
  for (int i = 0; i < p.probedefs_size(); ++i) {
    definitions.push_back({p.probedefs(i), absl::StrCat(path, ".probedefs[", i, "]")});
  }
  return definitions;
}

// What method, sport, dport and icmp_sum of the message make up; nothing where none of them is
// there.
template <typename P>
std::optional<Definition> OneDefinitionOf(const P& p, absl::string_view path) {
  if (!p.has_method() && !p.has_sport() && !p.has_dport() && !p.has_icmp_sum()) return std::nullopt;
  Definition one;
  one.path = std::string(path);
  if (p.has_method()) one.probedef.set_method(p.method());
  if (p.has_sport()) one.probedef.set_sport(p.sport());
  if (p.has_dport()) one.probedef.set_dport(p.dport());
  if (p.has_icmp_sum()) one.probedef.set_icmp_sum(p.icmp_sum());
  if (p.has_icmp_sum() && !p.has_method()) {
    one.probedef.set_method(v1::DEALIAS_PROBE_METHOD_ICMP_ECHO);
  }
  return one;
}

// An address of a request and the path of its field.
struct NamedAddress {
  std::string path;
  std::string text;
};

// Appends the addresses of a repeated field: "radargun.addrs[0]".
void AppendAddresses(const google::protobuf::RepeatedPtrField<std::string>& addrs,
                     absl::string_view path, std::vector<NamedAddress>* out);
// Appends the dst of each definition, which may be empty.
void AppendDsts(absl::Span<const Definition> definitions, std::vector<NamedAddress>* out);

// All must be addresses, and of one family: the one that is asked for, else that of the first.
// Returns the family: whether it is IPv6; nothing where no address is one.
std::optional<bool> CheckAddresses(absl::Span<const NamedAddress> addresses,
                                   std::optional<bool> ipv6, std::vector<FieldViolation>* out);

// The rules of each definition by itself, but for its dst, which CheckAddresses checks. `ipv6`:
// the family of what is probed; absent where that is not known.
void CheckDefinitions(absl::Span<const Definition> definitions, std::optional<bool> ipv6,
                      std::vector<FieldViolation>* out);
// None has a dst.
void CheckNoDst(absl::Span<const Definition> definitions, std::vector<FieldViolation>* out);

// "dealias -m TECHNIQUE -p '...' options target", with the path of the parameters as the technique.
// `version` and errors as BuildCommand of command_options.h. REQUIRES: all was checked.
absl::StatusOr<std::string> BuildDealiasCommand(const Parameters& parameters,
                                                absl::Span<const Definition> definitions,
                                                absl::string_view target, int version);

// The text forms of the addresses, separated by blanks. REQUIRES: all are addresses.
std::string AddressWords(absl::Span<const std::string> addresses);

// Appends the dst of those definitions that have one; `path` is that of the measurement: "ally".
void AddDefinitionTargets(
    absl::string_view path,
    const google::protobuf::RepeatedPtrField<v1::DealiasProbedefParameters>& definitions,
    Probing* probing);

extern const OptionKind kFudge;  // uint32: -f, or -O inseq for 0

}  // namespace scamper::records
