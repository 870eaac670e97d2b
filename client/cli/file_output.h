// SPDX-License-Identifier: Apache-2.0
// A file that a command writes.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "client/cli/file_options.h"
#include "client/cli/interrupt.h"
#include "server/io/byte_sink.h"

namespace scamper::cli {

// A path is written whole or not at all: its bytes go to a file beside it, which Close renames
// to it; a signal, and destruction before Close, remove that file. A path that exists keeps its
// permissions, and a link is followed. It is not synced to disk.
//
// Standard output, and a path that is no regular file or names a descriptor of the process
// (/dev/stdout, /dev/fd/N), are written as the bytes come.
//
// Errors name the file. `interrupt` may be null and must outlive the sink. REQUIRES: `place` is not
// in the store; `standard_output` stays open; one sink at a time.
absl::StatusOr<std::unique_ptr<io::ByteSink>> OpenOutput(const Place& place, int standard_output,
                                                         Interrupt* interrupt);

// Whether `fd` is a pipe or socket that nobody reads any more.
bool ReaderIsGone(int fd);

}  // namespace scamper::cli
