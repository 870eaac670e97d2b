// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/strings/string_view.h"

namespace scamper::base {

// Whether the bytes are well-formed UTF-8 (RFC 3629): what a proto `string` may hold.
bool IsUtf8(absl::string_view bytes);

}  // namespace scamper::base
