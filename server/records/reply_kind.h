// SPDX-License-Identifier: Apache-2.0
// What a reply is, for ping and trace alike.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "scamper/v1/common.pb.h"

namespace scamper::records {

// Of an IP address in text form, without parsing it.
inline bool IsIpv6Text(absl::string_view address) {
  return address.find(':') != absl::string_view::npos;
}

// An ICMP reply by the family of its source, its type and its code.
v1::ReplyKind IcmpKind(bool v6, uint32_t type, uint32_t code);

// Whether ICMP of that type quotes the probe: IPv4 type 3 or 11; IPv6 type 1, 2 or 3.
bool QuotesProbe(bool v6, uint32_t type);

}  // namespace scamper::records
