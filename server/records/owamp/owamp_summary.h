// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scamper/v1/owamp.pb.h"

namespace scamper::records {

// Fills the summaries of a record and of all that it holds from its recorded fields.
void SummarizeOwamp(v1::Owamp* owamp);

}  // namespace scamper::records
