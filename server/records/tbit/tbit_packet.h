// SPDX-License-Identifier: Apache-2.0
// The headers of recorded packets. Nothing is read beyond a packet's bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/strings/string_view.h"

namespace scamper::records {

// How IPv6 extension headers are passed over: scamper's two forms do it in two ways.
enum class ExtensionHeaders {
  // All are.
  kAll,
  // Those of 8 bytes are not, nor what reaches beyond byte 255.
  kLong,
};

struct IpHeader {
  bool v6 = false;
  // Bytes, extension headers that are passed over included.
  uint32_t size = 0;
  // Bytes of the whole packet, by the header.
  uint32_t length = 0;
  uint32_t ecn = 0;
  uint32_t ttl = 0;
  uint32_t proto = 0;
  bool df = false;
  // IPv6: whether there is a fragment header. IPv4: always.
  bool has_fragment = false;
  uint32_t id = 0;
  // Bytes.
  uint32_t offset = 0;
  bool mf = false;
};

struct TcpHeader {
  // Bytes.
  uint32_t size = 0;
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint32_t flags = 0;
  uint32_t window = 0;
  absl::string_view options;
};

// Nothing where the packet is neither IPv4 nor IPv6, or too short for its header.
std::optional<IpHeader> ParseIp(absl::string_view packet, ExtensionHeaders extensions);
// Nothing where the packet is not TCP, is a later fragment, or is too short.
std::optional<TcpHeader> ParseTcp(absl::string_view packet, const IpHeader& ip);

// Bytes of TCP data by the headers, in 16 bits.
uint32_t TcpDataLength(const IpHeader& ip, const TcpHeader& tcp);

// Calls `visit` with kind and body (what follows the length byte) of each option up to the first
// that does not fit; the body of kinds 0, which ends them, and 1 is empty.
using TcpOptionVisitor = std::function<void(uint32_t kind, absl::string_view body)>;
void ForEachTcpOption(absl::string_view options, const TcpOptionVisitor& visit);

// Big-endian numbers. REQUIRES: the bytes are there.
uint32_t Number16(absl::string_view bytes, size_t at);
uint32_t Number32(absl::string_view bytes, size_t at);

}  // namespace scamper::records
