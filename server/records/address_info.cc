// SPDX-License-Identifier: Apache-2.0
#include "server/records/address_info.h"

#include "server/base/ip_address.h"
#include "server/warts/address.h"

namespace scamper::records {
namespace {

v1::AddressFamily FamilyOf(warts::AddressType type) {
  switch (type) {
    case warts::kIpv4:
      return v1::ADDRESS_FAMILY_IPV4;
    case warts::kIpv6:
      return v1::ADDRESS_FAMILY_IPV6;
    case warts::kEthernet:
      return v1::ADDRESS_FAMILY_ETHERNET;
    case warts::kFirewire:
      return v1::ADDRESS_FAMILY_FIREWIRE;
  }
  return v1::ADDRESS_FAMILY_UNSPECIFIED;
}

}  // namespace

bool DescribeAddress(const std::string& text, v1::AddressInfo* out) {
  const auto address = warts::ParseAddress(text);
  if (!address) return false;
  const absl::string_view packed = address->view().bytes;
  out->set_addr(text);
  out->set_packed(packed.data(), packed.size());
  out->set_family(FamilyOf(address->type));
  const auto ip = base::IpAddressFromPacked(packed);
  if (!ip) return true;
  out->set_linklocal(base::IsLinkLocal(*ip));
  out->set_rfc1918(base::IsRfc1918(*ip));
  out->set_unicast(base::IsUnicast(*ip));
  out->set_six_to_four(base::Is6to4(*ip));
  out->set_reserved(base::IsReserved(*ip));
  return true;
}

}  // namespace scamper::records
