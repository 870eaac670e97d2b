// SPDX-License-Identifier: Apache-2.0
// The prefixes that must not be probed.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ip_prefix.h"

namespace scamper::policy {

struct PrefixRule {
  base::IpPrefix prefix;
  // The comment behind the prefix, or none.
  std::string comment;
  // Line of the file, from 1.
  int line = 0;
};

// Immutable once parsed; safe to read from any thread.
class PrefixRules {
 public:
  // A prefix a line; '#' begins a comment; empty lines are nothing. A prefix that is there twice
  // has its first line. INVALID_ARGUMENT names each of the first ten lines that are wrong.
  static absl::StatusOr<PrefixRules> Parse(absl::string_view text);

  // A rule that has an address in common with the prefix: the longest that covers all of it,
  // else the first inside it; null where there is none. Costs a look-up for each length in use.
  const PrefixRule* Find(const base::IpPrefix& prefix) const;

  size_t size() const { return rules_.size(); }

 private:
  // By address, then length: those inside a prefix follow each other.
  absl::btree_map<base::IpPrefix, PrefixRule> rules_;
  // Lengths in use, the longest first: of IPv4, of IPv6.
  std::array<std::vector<int>, 2> lengths_;
};

}  // namespace scamper::policy
