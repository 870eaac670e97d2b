// SPDX-License-Identifier: Apache-2.0
// IP addresses: strict parsing, the one text form, and what kind an address is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace scamper::base {

// An IPv4 or IPv6 address in network byte order. IPv4 uses the first 4 bytes;
// the other 12 are zero, so that equal addresses compare equal.
struct IpAddress {
  bool v6 = false;
  std::array<uint8_t, 16> bytes = {};

  // 4 or 16.
  size_t size() const { return v6 ? 16 : 4; }
  // The bytes as they are sent.
  absl::string_view packed() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes.data()), size());
  }
  // IPv4 before IPv6, then by numeric value.
  auto operator<=>(const IpAddress&) const = default;
};

// Accepts a dotted quad with four decimal parts without leading zeros, or the
// IPv6 text of RFC 4291 section 2.2. Nothing else: no zone, no prefix length,
// no white space, no host name.
std::optional<IpAddress> ParseIpAddress(absl::string_view text);

// Takes 4 or 16 bytes in network order; nothing for other lengths.
std::optional<IpAddress> IpAddressFromPacked(absl::string_view packed);

// The text of RFC 5952: lower case, the first longest run of at least two zero
// groups becomes "::". The last 32 bits are a dotted quad in IPv4-mapped
// addresses, and in IPv4-compatible ones whose 7th group is not zero.
std::string FormatIpAddress(const IpAddress& address);

// As FormatIpAddress, at the end of `out`.
void AppendIpAddress(const IpAddress& address, std::string* out);

// For those who have many of them, without an IpAddress between. `packed` are the 4 or 16 bytes of
// the address; the text is written at `text`, which has room for kMaxIpAddressText, and its
// size returned.
inline constexpr size_t kMaxIpAddressText = 45;
size_t FormatPacked(absl::string_view packed, char* text);
// Reads a whole dotted quad into 4 bytes; they may be changed also where it is none.
bool ParseIpv4(absl::string_view text, uint8_t* bytes);

// 169.254.0.0/16 or fe80::/10.
bool IsLinkLocal(const IpAddress& address);
// 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
bool IsRfc1918(const IpAddress& address);
// 2000::/3; always false for IPv4.
bool IsUnicast(const IpAddress& address);
// 2002::/16; always false for IPv4.
bool Is6to4(const IpAddress& address);
// In a block of IANA's special purpose registries; for IPv6 also all outside 2000::/3.
bool IsReserved(const IpAddress& address);

// Number of leading bits that are the same; 0 where the families differ.
int CommonPrefixLength(const IpAddress& a, const IpAddress& b);

}  // namespace scamper::base
