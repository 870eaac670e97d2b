// SPDX-License-Identifier: Apache-2.0
// Names that JSON and text have in common.
#pragma once

#include <string>

#include "scamper/v1/tbit.pb.h"

namespace scamper::records {

// E.g. "null-success"; the number of an unknown result.
std::string TbitResultName(v1::TbitResult result);

}  // namespace scamper::records
