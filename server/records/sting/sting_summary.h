// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of a sting.
#pragma once

#include "scamper/v1/sting.pb.h"

namespace scamper::records {

// Fills in Sting.summary.
void SummarizeSting(v1::Sting* sting);

}  // namespace scamper::records
