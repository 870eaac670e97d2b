// SPDX-License-Identifier: Apache-2.0
#include "server/warts/address.h"

#include <cstring>

#include "server/base/hex.h"
#include "server/base/ip_address.h"

namespace scamper::warts {
namespace {

Address Make(AddressType type, absl::string_view bytes) {
  Address address;
  address.type = type;
  std::memcpy(address.bytes, bytes.data(), bytes.size());
  return address;
}

// Six or eight two-digit groups.
bool HasLinkForm(absl::string_view text) {
  if (text.size() != 6 * 3 - 1 && text.size() != 8 * 3 - 1) return false;
  for (size_t i = 2; i < text.size(); i += 3) {
    if (text[i] != ':' || text[i - 1] == ':' || text[i - 2] == ':') return false;
  }
  return true;
}

}  // namespace

void FormatAddress(AddressView address, std::string* out) {
  if (address.type == kIpv4 || address.type == kIpv6) {
    char text[base::kMaxIpAddressText];
    out->assign(text, base::FormatPacked(address.bytes, text));
  } else {
    out->clear();
    base::AppendHexBytes(address.bytes, ':', out);
  }
}

std::optional<Address> ParseAddress(absl::string_view text) {
  Address ipv4;
  if (base::ParseIpv4(text, ipv4.bytes)) return ipv4;
  if (HasLinkForm(text)) {
    const auto bytes = base::ParseHexBytes(text, ':');
    if (bytes) return Make(bytes->size() == 6 ? kEthernet : kFirewire, *bytes);
  }
  const auto ip = base::ParseIpAddress(text);
  if (!ip) return std::nullopt;
  return Make(ip->v6 ? kIpv6 : kIpv4, ip->packed());
}

}  // namespace scamper::warts
