// SPDX-License-Identifier: Apache-2.0
// UDP probes as records of type 16.
#pragma once

#include <span>

#include "scamper/v1/udpprobe.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A first probe with a time or a port
// of its own is not written. False: the state says why.
bool ReadUdpprobe(warts::Cursor& body, warts::ReadState& state, v1::Udpprobe* out);
// Only the parameters in front of the items.
bool ReadUdpprobeParams(warts::Cursor& body, warts::ReadState& state, v1::Udpprobe* out);
bool WriteUdpprobe(const v1::Udpprobe& udpprobe, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitUdpprobe(const v1::Udpprobe& udpprobe, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Udpprobe>> UdpprobeRows();
std::span<const warts::Row<v1::UdpprobeProbe>> UdpprobeProbeRows();
std::span<const warts::Row<v1::UdpprobeReply>> UdpprobeReplyRows();

}  // namespace scamper::records
