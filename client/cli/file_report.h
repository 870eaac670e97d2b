// SPDX-License-Identifier: Apache-2.0
// What the commands for files say on standard error, and the exit codes that go with it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"
#include "client/cli/exit_code.h"
#include "client/cli/file_options.h"
#include "client/cli/transfer_progress.h"
#include "server/files/record_stream.h"

namespace scamper::cli {

// Says that recovery left a region of the input `name` out.
void SayLeftOut(const std::string& name, const files::SkippedRegion& region,
                TransferProgress* progress);

// Says how much was left out, where anything was, and returns the exit code.
ExitCode SayAllLeftOut(const std::string& name, uint64_t regions, uint64_t bytes,
                       TransferProgress* progress);

// After an error of reading or of the content. `name` is that of the input; empty where the status
// names it.
ExitCode InputFailed(const std::string& name, const absl::Status& status,
                     TransferProgress* progress);

// The exit code after an error of writing. Says it, but where the output is a pipe
// that nobody reads any more: that is silent and ends as if by SIGPIPE. `out_fd`: standard output,
// where it is what was written, else -1.
int OutputFailed(const absl::Status& status, int out_fd, TransferProgress* progress);

// After an error of a call.
ExitCode CallFailed(const Connection& connection, const grpc::Status& status,
                    TransferProgress* progress);
// The same without a word.
ExitCode CodeOfCall(const grpc::Status& status);

// The one that tells more, of two files that a command handled.
int Worse(int a, int b);

// Whether the bar may be shown beside that output.
bool ShowsBar(const Console& console, const Place& out);

}  // namespace scamper::cli
