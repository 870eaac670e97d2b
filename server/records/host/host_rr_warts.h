// SPDX-License-Identifier: Apache-2.0
// The data of resource records as a parameter.
#pragma once

#include "scamper/v1/host.pb.h"
#include "server/warts/kinds.h"

namespace scamper::records {

// Kind of the data that records of that class and type have: the number of a field of
// HostRrData; 0: none.
uint32_t HostDataKind(uint32_t rclass, uint32_t rtype);

// u16 kind, then the data. `rr` has its class and type.
bool ReadHostData(warts::Cursor& cursor, warts::ReadState& state, v1::HostRr* rr);
bool WriteHostData(const v1::HostRr& rr, warts::Writer& writer, warts::WriteState& state);

}  // namespace scamper::records
