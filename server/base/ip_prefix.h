// SPDX-License-Identifier: Apache-2.0
// Prefixes of IP addresses.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ip_address.h"

namespace scamper::base {

struct IpPrefix {
  IpAddress address;  // No bit is set behind the length.
  int length = 0;     // 0 - 32, or 0 - 128.
  auto operator<=>(const IpPrefix&) const = default;
};

// The prefix of just that address.
IpPrefix PrefixOf(const IpAddress& address);

// The prefix of that length around the address. REQUIRES: 0 <= length <= 8 * address.size().
IpPrefix PrefixAround(const IpAddress& address, int length);

// "ADDRESS/LENGTH", or an address alone for the prefix of just that one. INVALID_ARGUMENT whose
// message continues the text ("is no IPv4 or IPv6 address ...", ...).
absl::StatusOr<IpPrefix> ParseIpPrefix(absl::string_view text);

// "192.0.2.0/24"; with the length also where it is that of an address.
std::string FormatIpPrefix(const IpPrefix& prefix);

// Whether all of `inner` is in `outer`.
bool Covers(const IpPrefix& outer, const IpPrefix& inner);

}  // namespace scamper::base
