// SPDX-License-Identifier: Apache-2.0
// What the file name of sc_remoted's socket for one vantage point tells.
#pragma once

#include "absl/strings/string_view.h"
#include "scamper/v1/vantage_point.pb.h"

namespace scamper::control {

// "MONITOR-IPV4:PORT", "MONITOR-IPV6.PORT", and the same without "MONITOR-": monitor name and
// address. Of any other name nothing is known. The monitor name may itself hold '-' and '.'.
v1::VantagePoint ReadRemoteName(absl::string_view file_name);

}  // namespace scamper::control
