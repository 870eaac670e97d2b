// SPDX-License-Identifier: Apache-2.0
// DNS measurements as records of type 14.
#pragma once

#include <span>

#include "scamper/v1/host.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A destination, a name for each
// resource record, and the names of SOA and MX data must be there, and the kind of data must be
// that of the resource record's class and type. False: the state says why.
bool ReadHost(warts::Cursor& body, warts::ReadState& state, v1::Host* out);
// Only what comes before the queries.
bool ReadHostParams(warts::Cursor& body, warts::ReadState& state, v1::Host* out);
bool WriteHost(const v1::Host& host, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitHost(const v1::Host& host, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Host>> HostRows();
std::span<const warts::Row<v1::HostQuery>> HostQueryRows();
std::span<const warts::Row<v1::HostRr>> HostRrRows();
std::span<const warts::Row<v1::HostSoa>> HostSoaRows();
std::span<const warts::Row<v1::HostMx>> HostMxRows();
std::span<const warts::Row<v1::HostTxt>> HostTxtRows();
std::span<const warts::Row<v1::HostOpt>> HostOptRows();
std::span<const warts::Row<v1::HostSvcb>> HostSvcbRows();

}  // namespace scamper::records
