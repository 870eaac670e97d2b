// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scamper/v1/http.pb.h"

namespace scamper::records {

// Fills the summaries of a record and of all that it holds from its recorded fields.
void SummarizeHttp(v1::Http* http);

}  // namespace scamper::records
