// SPDX-License-Identifier: Apache-2.0
// The last check before a command line reaches a scamper daemon.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace scamper::control {

// Whether `command`, one line without LF, may be sent to an attached daemon.
// INVALID_ARGUMENT when
// - it is empty, holds anything but printable ASCII (scamper would drop all tasks and close), or
//   begins or ends with a space;
// - its first word is "halt" or "done", which belong to the session;
// - it is known to crash scamper 20260420: sting, and dealias prefixscan with -x or without -p.
absl::Status CheckCommand(absl::string_view command);

}  // namespace scamper::control
