// SPDX-License-Identifier: Apache-2.0
// What an address of a record is.
#pragma once

#include <string>

#include "scamper/v1/common.pb.h"

namespace scamper::records {

// False where the text is no address; `out` is then as it was.
bool DescribeAddress(const std::string& text, v1::AddressInfo* out);

}  // namespace scamper::records
