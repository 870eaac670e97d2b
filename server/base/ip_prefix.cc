// SPDX-License-Identifier: Apache-2.0
#include "server/base/ip_prefix.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace scamper::base {
namespace {

int MaxLength(const IpAddress& address) { return static_cast<int>(address.size()) * 8; }

}  // namespace

IpPrefix PrefixOf(const IpAddress& address) { return {address, MaxLength(address)}; }

IpPrefix PrefixAround(const IpAddress& address, int length) {
  IpPrefix prefix{address, length};
  for (int i = 0; i < static_cast<int>(address.size()); ++i) {
    const int keep = std::clamp(length - 8 * i, 0, 8);
    prefix.address.bytes[i] &= static_cast<uint8_t>(0xff00 >> keep);
  }
  return prefix;
}

absl::StatusOr<IpPrefix> ParseIpPrefix(absl::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<IpAddress> address = ParseIpAddress(text.substr(0, slash));
  if (!address) return absl::InvalidArgumentError("is no IPv4 or IPv6 address or prefix");
  if (slash == absl::string_view::npos) return PrefixOf(*address);
  const absl::string_view digits = text.substr(slash + 1);
  int length = 0;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &length) || length > MaxLength(*address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("needs a length within 0 - ", MaxLength(*address)));
  }
  const IpPrefix prefix = PrefixAround(*address, length);
  if (prefix.address != *address) {
    return absl::InvalidArgumentError(
        absl::StrCat("has bits behind its length; ", FormatIpPrefix(prefix), " has not"));
  }
  return prefix;
}

std::string FormatIpPrefix(const IpPrefix& prefix) {
  return absl::StrCat(FormatIpAddress(prefix.address), "/", prefix.length);
}

bool Covers(const IpPrefix& outer, const IpPrefix& inner) {
  return outer.length <= inner.length && outer.address.v6 == inner.address.v6 &&
         PrefixAround(inner.address, outer.length) == outer;
}

}  // namespace scamper::base
