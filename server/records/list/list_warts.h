// SPDX-License-Identifier: Apache-2.0
// Lists as records of type 1.
#pragma once

#include "scamper/v1/common.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only, up to its end. False: the state says why.
bool ReadList(warts::Cursor& body, warts::ReadState& state, v1::List* out);
bool WriteList(const v1::List& list, warts::Writer& writer, warts::WriteState& state);

}  // namespace scamper::records
