// SPDX-License-Identifier: Apache-2.0
// The daemon's side of server/control/uudecode.h.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace scamper::control {

// The DATA payload that carries `record`, which is not empty.
std::string UuEncode(absl::string_view record);

// "DATA <len><suffix>" and the payload; suffix is "", " id-<n>" or " id-<n> inprog".
std::string DataReply(absl::string_view record, absl::string_view suffix);

}  // namespace scamper::control
