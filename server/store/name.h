// SPDX-License-Identifier: Apache-2.0
// Names of files in the store.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scamper::store {

// 1 to 255 bytes: letters, digits, '.', '_', '-', '+', ':' and '@'; no '.' first. So a name
// is one file of one folder, never hidden. INVALID_ARGUMENT says what is wrong.
absl::Status CheckName(absl::string_view name);

}  // namespace scamper::store
