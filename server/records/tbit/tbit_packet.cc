// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_packet.h"

#include <algorithm>

namespace scamper::records {
namespace {

constexpr uint32_t kTcp = 6;
constexpr uint32_t kHopByHop = 0;
constexpr uint32_t kRouting = 43;
constexpr uint32_t kFragment = 44;
constexpr uint32_t kDestination = 60;
constexpr uint32_t kIp4Size = 20;
constexpr uint32_t kIp6Size = 40;
constexpr uint32_t kTcpSize = 20;

uint32_t Number8(absl::string_view bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

std::optional<IpHeader> ParseIp4(absl::string_view packet) {
  if (packet.size() < kIp4Size) return std::nullopt;
  IpHeader ip;
  ip.size = (Number8(packet, 0) & 0xf) * 4;
  ip.ecn = Number8(packet, 1) & 3;
  ip.length = Number16(packet, 2);
  ip.has_fragment = true;
  ip.id = Number16(packet, 4);
  const uint32_t fragment = Number16(packet, 6);
  ip.df = (fragment & 0x4000) != 0;
  ip.mf = (fragment & 0x2000) != 0;
  ip.offset = (fragment & 0x1fff) * 8;
  ip.ttl = Number8(packet, 8);
  ip.proto = Number8(packet, 9);
  return ip;
}

// Moves behind the extension header that `ip` stands at; false where it is none, or is not passed
// over.
bool PassExtension(absl::string_view packet, ExtensionHeaders extensions, IpHeader* ip) {
  if (ip->size + 8 > packet.size()) return false;
  const uint32_t room = ip->size < 255 ? 255 - ip->size : 0;
  const bool all = extensions == ExtensionHeaders::kAll;
  if (ip->proto == kFragment) {
    if (!all && room <= 8) return false;
    ip->has_fragment = true;
    const uint32_t fragment = Number16(packet, ip->size + 2);
    ip->offset = fragment & 0xfff8;
    ip->mf = (fragment & 1) != 0;
    ip->id = Number32(packet, ip->size + 4);
    ip->proto = Number8(packet, ip->size);
    ip->size += 8;
    return true;
  }
  if (ip->proto != kHopByHop && ip->proto != kRouting && ip->proto != kDestination) return false;
  const uint32_t units = Number8(packet, ip->size + 1);
  const uint32_t size = 8 * (units + 1);
  if (!all && (units == 0 || room <= size)) return false;
  ip->proto = Number8(packet, ip->size);
  ip->size += size;
  return true;
}

std::optional<IpHeader> ParseIp6(absl::string_view packet, ExtensionHeaders extensions) {
  if (packet.size() < kIp6Size) return std::nullopt;
  IpHeader ip;
  ip.v6 = true;
  ip.size = kIp6Size;
  ip.length = Number16(packet, 4) + kIp6Size;
  ip.ecn = Number8(packet, 1) >> 4 & 3;
  ip.proto = Number8(packet, 6);
  ip.ttl = Number8(packet, 7);
  while (PassExtension(packet, extensions, &ip)) {
  }
  return ip;
}

}  // namespace

uint32_t Number16(absl::string_view bytes, size_t at) {
  return Number8(bytes, at) << 8 | Number8(bytes, at + 1);
}

uint32_t Number32(absl::string_view bytes, size_t at) {
  return Number16(bytes, at) << 16 | Number16(bytes, at + 2);
}

std::optional<IpHeader> ParseIp(absl::string_view packet, ExtensionHeaders extensions) {
  if (packet.empty()) return std::nullopt;
  const uint32_t version = Number8(packet, 0) >> 4;
  if (version == 4) return ParseIp4(packet);
  return version == 6 ? ParseIp6(packet, extensions) : std::nullopt;
}

std::optional<TcpHeader> ParseTcp(absl::string_view packet, const IpHeader& ip) {
  if (ip.proto != kTcp || ip.offset != 0 || ip.size + kTcpSize > packet.size()) return std::nullopt;
  const absl::string_view bytes = packet.substr(ip.size);
  TcpHeader tcp;
  tcp.size = (Number8(bytes, 12) >> 4) * 4;
  tcp.seq = Number32(bytes, 4);
  tcp.ack = Number32(bytes, 8);
  tcp.flags = Number8(bytes, 13);
  tcp.window = Number16(bytes, 14);
  const size_t end = std::min<size_t>(tcp.size, bytes.size());
  if (end > kTcpSize) tcp.options = bytes.substr(kTcpSize, end - kTcpSize);
  return tcp;
}

uint32_t TcpDataLength(const IpHeader& ip, const TcpHeader& tcp) {
  return (ip.length - ip.size - tcp.size) & 0xffff;
}

void ForEachTcpOption(absl::string_view options, const TcpOptionVisitor& visit) {
  while (!options.empty()) {
    const uint32_t kind = Number8(options, 0);
    if (kind <= 1) {
      visit(kind, absl::string_view());
      if (kind == 0) return;
      options.remove_prefix(1);
      continue;
    }
    const uint32_t size = options.size() < 2 ? 0 : Number8(options, 1);
    if (size == 0 || size > options.size()) return;
    // A length of 1 counts its own kind only.
    if (size >= 2) visit(kind, options.substr(2, size - 2));
    options.remove_prefix(size);
  }
}

}  // namespace scamper::records
