// SPDX-License-Identifier: Apache-2.0
// Traces as records of type 6.
#pragma once

#include <span>

#include "scamper/v1/trace.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A destination,
// and an address and a probe TTL for each hop, must be there; a hop count must
// be at most 255 and cover all hops. Hops may come in any order. False: the
// state says why.
bool ReadTrace(warts::Cursor& body, warts::ReadState& state, v1::Trace* out);
// Only what comes before the hops.
bool ReadTraceParams(warts::Cursor& body, warts::ReadState& state, v1::Trace* out);
// Attributes in the order path MTU discovery, last ditch, doubletree, unknown ones.
bool WriteTrace(const v1::Trace& trace, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitTrace(const v1::Trace& trace, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Trace>> TraceRows();
std::span<const warts::Row<v1::TraceHop>> TraceHopRows();
std::span<const warts::Row<v1::TracePmtud>> TracePmtudRows();
std::span<const warts::Row<v1::TracePmtudNote>> TracePmtudNoteRows();
std::span<const warts::Row<v1::TraceDoubletree>> TraceDoubletreeRows();

}  // namespace scamper::records
