// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scamper/v1/sniff.pb.h"

namespace scamper::records {

// Fills the summaries of a record and of all that it holds from its recorded fields.
void SummarizeSniff(v1::Sniff* sniff);

}  // namespace scamper::records
