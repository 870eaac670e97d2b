// SPDX-License-Identifier: Apache-2.0
// What ties a result to the task that asked for it, where the daemon does not say.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace scamper::records {

// Of type (as in the warts format), destination (any spelling) and userid. scamper does tasks to
// one destination one after the other, so among those of one key the first is done first.
std::string ResultKey(int type, absl::string_view dst, uint32_t userid);

}  // namespace scamper::records
