// SPDX-License-Identifier: Apache-2.0
// Captures as records of type 13.
#pragma once

#include <span>

#include "scamper/v1/sniff.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. The source must be there.
// False: the state says why.
bool ReadSniff(warts::Cursor& body, warts::ReadState& state, v1::Sniff* out);
// Only the parameters in front of the items.
bool ReadSniffParams(warts::Cursor& body, warts::ReadState& state, v1::Sniff* out);
bool WriteSniff(const v1::Sniff& sniff, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitSniff(const v1::Sniff& sniff, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Sniff>> SniffRows();
std::span<const warts::Row<v1::SniffPkt>> SniffPktRows();

}  // namespace scamper::records
