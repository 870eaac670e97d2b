// SPDX-License-Identifier: Apache-2.0
// scamper-grpc files, put, get and rm: the files of the server's store.
#pragma once

#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"

namespace scamper::cli {

// Each returns the exit code: an ExitCode, or that of a signal.

// Prints the files as a table with a line of the total, or one JSON object (v1.StoredFile) a line.
int RunListCommand(const ListOptions& options, const Console& console, Interrupt* interrupt);

int RunPutCommand(const PutOptions& options, const Console& console, Interrupt* interrupt);

int RunGetCommand(const GetOptions& options, const Console& console, Interrupt* interrupt);

// Removes what there is of them: what is wrong with one does not keep the others.
int RunRemoveCommand(const RemoveOptions& options, const Console& console, Interrupt* interrupt);

}  // namespace scamper::cli
