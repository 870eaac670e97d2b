// SPDX-License-Identifier: Apache-2.0
// Stings as records of type 12.
#pragma once

#include <span>

#include "scamper/v1/sting.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summary. A source, a destination, and data of
// each packet, must be there. False: the state says why.
bool ReadSting(warts::Cursor& body, warts::ReadState& state, v1::Sting* out);
// Only what comes before the packets.
bool ReadStingParams(warts::Cursor& body, warts::ReadState& state, v1::Sting* out);
// The count must be that of the packets.
bool WriteSting(const v1::Sting& sting, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitSting(const v1::Sting& sting, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Sting>> StingRows();
std::span<const warts::Row<v1::StingPacket>> StingPacketRows();

}  // namespace scamper::records
