// SPDX-License-Identifier: Apache-2.0
// Neighbour discoveries as records of type 10.
#pragma once

#include <span>

#include "scamper/v1/neighbourdisc.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Replies must have an address. False: the state says why.
bool ReadNeighbourdisc(warts::Cursor& body, warts::ReadState& state, v1::Neighbourdisc* out);
// Only what comes before the probes.
bool ReadNeighbourdiscParams(warts::Cursor& body, warts::ReadState& state, v1::Neighbourdisc* out);
// Counts must be those of the items.
bool WriteNeighbourdisc(const v1::Neighbourdisc& neighbourdisc, warts::Writer& writer,
                        warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitNeighbourdisc(const v1::Neighbourdisc& neighbourdisc, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Neighbourdisc>> NeighbourdiscRows();
std::span<const warts::Row<v1::NeighbourdiscProbe>> NeighbourdiscProbeRows();
std::span<const warts::Row<v1::NeighbourdiscReply>> NeighbourdiscReplyRows();

}  // namespace scamper::records
