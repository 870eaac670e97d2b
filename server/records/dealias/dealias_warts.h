// SPDX-License-Identifier: Apache-2.0
// Alias resolutions as records of type 9.
#pragma once

#include <span>

#include "scamper/v1/dealias.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. Definitions must have a
// destination, replies an address, probes the index of a definition. What follows the parameters
// of an unknown method is kept as bytes. False: the state says why.
bool ReadDealias(warts::Cursor& body, warts::ReadState& state, v1::Dealias* out);
// Only what comes before the probes: what was asked for, with its result.
bool ReadDealiasTask(warts::Cursor& body, warts::ReadState& state, v1::Dealias* out);
// The method must be that of the technique, and counts those of the items.
bool WriteDealias(const v1::Dealias& dealias, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitDealias(const v1::Dealias& dealias, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Dealias>> DealiasRows();
std::span<const warts::Row<v1::DealiasProbedef>> DealiasProbedefRows();
std::span<const warts::Row<v1::DealiasProbe>> DealiasProbeRows();
std::span<const warts::Row<v1::DealiasReply>> DealiasReplyRows();

}  // namespace scamper::records
