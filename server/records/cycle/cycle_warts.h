// SPDX-License-Identifier: Apache-2.0
// Cycles as records of types 2 and 3, and their ends as type 4.
#pragma once

#include "scamper/v1/common.pb.h"
#include "server/warts/params.h"

namespace scamper::records {

// The body only, up to its end. False: the state says why.
bool ReadCycle(warts::Cursor& body, warts::ReadState& state, v1::Cycle* out);
bool WriteCycle(const v1::Cycle& cycle, warts::Writer& writer, warts::WriteState& state);

bool ReadCycleStop(warts::Cursor& body, warts::ReadState& state, v1::CycleStop* out);
bool WriteCycleStop(const v1::CycleStop& stop, warts::Writer& writer, warts::WriteState& state);

}  // namespace scamper::records
