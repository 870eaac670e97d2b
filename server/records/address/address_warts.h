// SPDX-License-Identifier: Apache-2.0
// File-level addresses of old writers as records of type 5.
#pragma once

#include "scamper/v1/common.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only, up to its end. The check value is kept, not compared. False:
// the state says why.
bool ReadAddress(warts::Cursor& body, warts::ReadState& state, v1::Address* out);
bool WriteAddress(const v1::Address& address, warts::Writer& writer, warts::WriteState& state);

}  // namespace scamper::records
