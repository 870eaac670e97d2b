// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of a TCP behaviour inference.
#pragma once

#include "scamper/v1/tbit.pb.h"

namespace scamper::records {

// Fills in Tbit.summary.
void SummarizeTbit(v1::Tbit* tbit);

}  // namespace scamper::records
