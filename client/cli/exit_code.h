// SPDX-License-Identifier: Apache-2.0
// How scamper-grpc ends.
#pragma once

namespace scamper::cli {

enum ExitCode {
  // Every task gave a result. A measurement without a reply is a result.
  kSuccess = 0,
  // At least one task gave none: it failed, or the time given was over; or the output could not
  // be written. Of files: one could not be read, or is damaged and what follows was not read.
  kTaskFailed = 1,
  // The command line, or a parameter, is wrong; nothing was measured.
  kUsageError = 2,
  // The server cannot be reached, or it ended the call with an error.
  kRpcFailed = 3,
  // All else of a file was delivered, but damage was left out, as was asked for.
  kDamageLeftOut = 4,
  // Plus the number of the signal that ended the command: 130 for Ctrl-C.
  kSignal = 128,
};

}  // namespace scamper::cli
