// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scamper/v1/host.pb.h"

namespace scamper::records {

// Fills the summaries of a record and of all that it holds from its recorded fields.
void SummarizeHost(v1::Host* host);

}  // namespace scamper::records
