// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_summary.h"

#include <algorithm>
#include <optional>

#include "server/records/tbit/tbit_packet.h"
#include "server/records/tcp_flags.h"

namespace scamper::records {
namespace {

using v1::Tbit;
using v1::TbitPacket;

// A packet of the server's TCP.
struct Segment {
  TcpHeader tcp;
  uint32_t data = 0;
};

// Nothing where the packet is not TCP, or is an IPv6 fragment of several.
std::optional<Segment> SegmentOf(const TbitPacket& packet) {
  const auto ip = ParseIp(packet.data(), ExtensionHeaders::kAll);
  if (!ip || (ip->v6 && (ip->offset != 0 || ip->mf))) return std::nullopt;
  const auto tcp = ParseTcp(packet.data(), *ip);
  if (!tcp) return std::nullopt;
  return Segment{*tcp, TcpDataLength(*ip, *tcp)};
}

// Whether the first or the last byte lies within 65535 bytes from the start.
bool IsInRange(const Segment& segment, uint32_t start) {
  return segment.tcp.seq - start < 65535 || segment.tcp.seq + segment.data - 1 - start < 65535;
}

// What the server sent before its first retransmission.
std::optional<uint32_t> InitialWindow(const Tbit& tbit) {
  std::optional<uint32_t> start;
  uint32_t most = 0;
  bool seen = false;
  for (int i = 1; i < tbit.packets_size(); ++i) {
    if (tbit.packets(i).dir() != v1::TBIT_DIRECTION_RX) continue;
    const auto segment = SegmentOf(tbit.packets(i));
    if (!segment) return std::nullopt;
    if (!start) {
      constexpr uint32_t kSynAck = kTcpSyn | kTcpAck;
      if ((segment->tcp.flags & kSynAck) != kSynAck) return std::nullopt;
      start = segment->tcp.seq + tbit.icw().start_seq();
      continue;
    }
    if (segment->data == 0 && (segment->tcp.flags & kTcpFin) == 0) continue;
    if (!IsInRange(*segment, *start)) continue;
    if (segment->tcp.seq == *start && seen) return most;
    seen = seen || segment->tcp.seq == *start;
    most = std::max(most, segment->tcp.seq + segment->data - *start);
  }
  return std::nullopt;
}

}  // namespace

void SummarizeTbit(Tbit* tbit) {
  v1::TbitSummary* out = tbit->mutable_summary();
  out->Clear();
  for (const TbitPacket& packet : tbit->packets()) {
    const auto ip = ParseIp(packet.data(), ExtensionHeaders::kAll);
    const auto tcp = ip ? ParseTcp(packet.data(), *ip) : std::nullopt;
    if (!tcp || (tcp->flags & kTcpSyn) == 0) continue;
    const bool server = (tcp->flags & kTcpAck) != 0;
    if (server && !out->has_server_isn()) out->set_server_isn(tcp->seq);
    if (!server && !out->has_client_isn()) out->set_client_isn(tcp->seq);
  }
  if (!tbit->has_icw() || tbit->result() != v1::TBIT_RESULT_ICW_SUCCESS) return;
  if (const auto bytes = InitialWindow(*tbit)) out->set_icw_bytes(*bytes);
}

}  // namespace scamper::records
