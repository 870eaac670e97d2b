// SPDX-License-Identifier: Apache-2.0
// Events of tasks as messages.
#pragma once

#include "scamper/v1/control.pb.h"
#include "scamper/v1/session.pb.h"
#include "server/runs/event.h"

namespace scamper::service {

// REQUIRES: an event of a task: kAccepted, kProgress or kEnd. A record that cannot be read becomes
// an error, DATA_LOSS.
void FillTaskEvent(runs::Event event, const v1::ResultOptions& options, v1::RunResponse* response);
void FillTaskEvent(runs::Event event, const v1::ResultOptions& options,
                   v1::SessionResponse* response);

}  // namespace scamper::service
