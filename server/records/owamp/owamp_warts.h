// SPDX-License-Identifier: Apache-2.0
// One-way measurements as records of type 17.
#pragma once

#include <span>

#include "scamper/v1/owamp.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries.
// False: the state says why.
bool ReadOwamp(warts::Cursor& body, warts::ReadState& state, v1::Owamp* out);
// Only the parameters in front of the items.
bool ReadOwampParams(warts::Cursor& body, warts::ReadState& state, v1::Owamp* out);
bool WriteOwamp(const v1::Owamp& owamp, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitOwamp(const v1::Owamp& owamp, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Owamp>> OwampRows();
std::span<const warts::Row<v1::OwampSchedule>> OwampScheduleRows();
std::span<const warts::Row<v1::OwampTx>> OwampTxRows();
std::span<const warts::Row<v1::OwampRx>> OwampRxRows();

}  // namespace scamper::records
