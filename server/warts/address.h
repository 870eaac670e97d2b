// SPDX-License-Identifier: Apache-2.0
// Addresses as records hold them: IP, Ethernet and Firewire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace scamper::warts {

// The number is that of the format.
enum AddressType : uint8_t { kIpv4 = 1, kIpv6 = 2, kEthernet = 3, kFirewire = 4 };

// Bytes of an address of that type; 0 for an unknown type.
constexpr size_t AddressSize(uint32_t type) {
  constexpr size_t kSizes[] = {0, 4, 16, 6, 8};
  return type < 5 ? kSizes[type] : 0;
}

// An address; its bytes belong to someone else.
struct AddressView {
  AddressType type = kIpv4;
  absl::string_view bytes;
};

// An address with its own bytes; those that the type does not use are zero.
struct Address {
  AddressType type = kIpv4;
  uint8_t bytes[16] = {};

  AddressView view() const {
    return {type, absl::string_view(reinterpret_cast<const char*>(bytes), AddressSize(type))};
  }
  bool operator==(const Address& other) const {
    return type == other.type && std::memcmp(bytes, other.bytes, sizeof bytes) == 0;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Address& a) {
    return H::combine_contiguous(H::combine(std::move(h), a.type), a.bytes, sizeof a.bytes);
  }
};

// RFC 5952, or lower-case hexadecimal bytes joined with ':'.
void FormatAddress(AddressView address, std::string* out);

// The reverse. Eight groups of exactly two digits are a Firewire address: as
// IPv6 it would lie in ::/8, which IANA reserves.
std::optional<Address> ParseAddress(absl::string_view text);

// The file-level addresses of old writers (record type 5), by number from 1.
class AddressTable {
 public:
  void Add(const Address& address) { addresses_.push_back(address); }
  // The next `count` numbers are of addresses that are not known.
  void AddLost(size_t count) { addresses_.resize(addresses_.size() + count); }
  // Null where the number is not defined.
  const Address* Find(uint32_t number) const {
    if (number == 0 || number > addresses_.size()) return nullptr;
    const std::optional<Address>& found = addresses_[number - 1];
    return found ? &*found : nullptr;
  }
  // Of all, those that are not known as well.
  size_t size() const { return addresses_.size(); }

 private:
  std::vector<std::optional<Address>> addresses_;
};

}  // namespace scamper::warts
