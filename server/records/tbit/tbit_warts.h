// SPDX-License-Identifier: Apache-2.0
// TCP behaviour inferences as records of type 11.
#pragma once

#include <span>

#include "scamper/v1/tbit.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summary. A source, a destination, and data of
// each packet, must be there; a cookie has at most 16 bytes. Structures that are not known, or
// that the test or the application does not have, are kept as bytes. False: the state says why.
bool ReadTbit(warts::Cursor& body, warts::ReadState& state, v1::Tbit* out);
// Only what comes before the packets.
bool ReadTbitParams(warts::Cursor& body, warts::ReadState& state, v1::Tbit* out);
// Structures in the order: of the test, of the application, kept ones. They must be those that the
// test and the application have, and the count that of the packets.
bool WriteTbit(const v1::Tbit& tbit, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitTbit(const v1::Tbit& tbit, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Tbit>> TbitRows();
std::span<const warts::Row<v1::TbitPacket>> TbitPacketRows();
std::span<const warts::Row<v1::TbitPmtud>> TbitPmtudRows();
std::span<const warts::Row<v1::TbitNull>> TbitNullRows();
std::span<const warts::Row<v1::TbitIcw>> TbitIcwRows();
std::span<const warts::Row<v1::TbitBlind>> TbitBlindRows();
std::span<const warts::Row<v1::TbitHttp>> TbitHttpRows();
std::span<const warts::Row<v1::TbitBgp>> TbitBgpRows();

}  // namespace scamper::records
