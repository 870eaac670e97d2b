// SPDX-License-Identifier: Apache-2.0
// MDA traceroutes as records of type 8.
#pragma once

#include <span>

#include "scamper/v1/tracelb.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A destination, and an address of
// each reply, must be there; links must lead from node to node, as many from each as it says.
// False: the state says why.
bool ReadTracelb(warts::Cursor& body, warts::ReadState& state, v1::Tracelb* out);
// Only what comes before the nodes.
bool ReadTracelbParams(warts::Cursor& body, warts::ReadState& state, v1::Tracelb* out);
// Counts must be those of the items.
bool WriteTracelb(const v1::Tracelb& tracelb, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitTracelb(const v1::Tracelb& tracelb, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Tracelb>> TracelbRows();
std::span<const warts::Row<v1::TracelbNode>> TracelbNodeRows();
std::span<const warts::Row<v1::TracelbLink>> TracelbLinkRows();
std::span<const warts::Row<v1::TracelbProbeset>> TracelbProbesetRows();
std::span<const warts::Row<v1::TracelbProbe>> TracelbProbeRows();
std::span<const warts::Row<v1::TracelbReply>> TracelbReplyRows();

}  // namespace scamper::records
