// SPDX-License-Identifier: Apache-2.0
// Pings as records of type 7.
#pragma once

#include <span>

#include "scamper/v1/ping.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A destination,
// and an address for each reply, must be there, and a reply's probe must have
// been sent. False: the state says why.
bool ReadPing(warts::Cursor& body, warts::ReadState& state, v1::Ping* out);
// Only what comes before the replies.
bool ReadPingParams(warts::Cursor& body, warts::ReadState& state, v1::Ping* out);
bool WritePing(const v1::Ping& ping, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitPing(const v1::Ping& ping, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Ping>> PingRows();
std::span<const warts::Row<v1::PingReply>> PingReplyRows();

}  // namespace scamper::records
