// SPDX-License-Identifier: Apache-2.0
// Sessions to a daemon that answers as a recorded one did; through the same
// parser and state machine as a session over a socket.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/control/session.h"
#include "tests/fakes/recording.h"

namespace scamper::control {

struct ReplayOptions {
  // What it says of itself; recordings do not hold this. An absent pps is answered with "null".
  DaemonInfo info;
  // From taking a command to sending its results. At zero they come in the executor's next turn.
  absl::Duration result_delay = absl::ZeroDuration();
};

// Each session is a fresh daemon, with ids from 1. A command line is answered with what the
// recorded daemon answered to the same line, as often as it is sent: OK, MORE and, later,
// its results under the id that was given out here. A halt before that time is answered with
// OK and the recorded results. `done` ends with the cycle-stop record when all tasks with
// a recorded result have ended.
//
// Results of daemons that give no ids come in the recorded order, each as soon as all
// commands that were taken before it in the recording have been taken here; a halt is
// answered with ERR.
//
// A command that the script does not hold closes the session with NOT_FOUND and the command.
// `executor` must outlive the connector and its sessions.
std::unique_ptr<Connector> MakeReplayConnector(ReplayScript script, ReplayOptions options,
                                               base::Executor* executor);

}  // namespace scamper::control
