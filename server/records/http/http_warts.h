// SPDX-License-Identifier: Apache-2.0
// Fetches of web pages as records of type 15.
#pragma once

#include <span>

#include "scamper/v1/http.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only. Reads the recorded fields, not the summaries. A type other than HTTP and HTTPS
// needs a destination port. False: the state says why.
bool ReadHttp(warts::Cursor& body, warts::ReadState& state, v1::Http* out);
// Only the parameters in front of the items.
bool ReadHttpParams(warts::Cursor& body, warts::ReadState& state, v1::Http* out);
bool WriteHttp(const v1::Http& http, warts::Writer& writer, warts::WriteState& state);

// Each address in the order of the record, repeated ones too.
void VisitHttp(const v1::Http& http, warts::AddressVisitor visit);

// The tables.
std::span<const warts::Row<v1::Http>> HttpRows();
std::span<const warts::Row<v1::HttpBuf>> HttpBufRows();

}  // namespace scamper::records
