// SPDX-License-Identifier: Apache-2.0
#include "server/policy/prefix_rules.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/utf8.h"

namespace scamper::policy {
namespace {

// More wrong lines than these are not named.
constexpr size_t kMaxErrors = 10;
// Of what is shown of a line.
constexpr size_t kMaxShown = 100;

std::string Shown(absl::string_view text) {
  text = text.substr(0, kMaxShown);
  return base::IsUtf8(text) ? absl::Utf8SafeCHexEscape(text) : absl::CHexEscape(text);
}

}  // namespace

absl::StatusOr<PrefixRules> PrefixRules::Parse(absl::string_view text) {
  PrefixRules rules;
  std::vector<std::string> errors;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits('#', 1));
    const absl::string_view word = absl::StripAsciiWhitespace(parts.first);
    if (word.empty()) continue;
    const absl::StatusOr<base::IpPrefix> prefix = base::ParseIpPrefix(word);
    if (!prefix.ok()) {
      errors.push_back(
          absl::StrCat("line ", number, ": '", Shown(word), "' ", prefix.status().message()));
      if (errors.size() == kMaxErrors) break;
      continue;
    }
    rules.rules_.emplace(
        *prefix, PrefixRule{*prefix, Shown(absl::StripAsciiWhitespace(parts.second)), number});
  }
  if (!errors.empty()) return absl::InvalidArgumentError(absl::StrJoin(errors, "; "));
  for (const auto& [prefix, rule] : rules.rules_) {
    rules.lengths_[prefix.address.v6].push_back(prefix.length);
  }
  for (std::vector<int>& lengths : rules.lengths_) {
    std::sort(lengths.begin(), lengths.end(), std::greater<int>());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  }
  return rules;
}

const PrefixRule* PrefixRules::Find(const base::IpPrefix& prefix) const {
  for (int length : lengths_[prefix.address.v6]) {
    if (length > prefix.length) continue;
    const auto covering = rules_.find(base::PrefixAround(prefix.address, length));
    if (covering != rules_.end()) return &covering->second;
  }
  const auto inside = rules_.lower_bound(prefix);
  return inside != rules_.end() && base::Covers(prefix, inside->first) ? &inside->second : nullptr;
}

}  // namespace scamper::policy
