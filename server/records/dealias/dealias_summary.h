// SPDX-License-Identifier: Apache-2.0
// What follows from the recorded fields of an alias resolution.
#pragma once

#include "scamper/v1/dealias.pb.h"

namespace scamper::records {

bool IsIcmp(v1::DealiasProbeMethod method);
bool IsTcp(v1::DealiasProbeMethod method);
bool IsUdp(v1::DealiasProbeMethod method);

// Fills in the summaries of the measurement, of its definitions and replies.
void SummarizeDealias(v1::Dealias* dealias);

}  // namespace scamper::records
