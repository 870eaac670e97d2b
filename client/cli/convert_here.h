// SPDX-License-Identifier: Apache-2.0
// Conversions in this process.
#pragma once

#include <memory>
#include <string>

#include "client/cli/exit_code.h"
#include "client/cli/file_options.h"
#include "client/cli/transfer_progress.h"
#include "server/files/convert.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

struct Conversion {
  // kSuccess, kDamageLeftOut, kTaskFailed, or what OutputFailed gives.
  int code = kSuccess;
  // Nothing more can be written.
  bool output_failed = false;
};

// Converts, and says through `progress` what was left out and what went wrong. `name` is that of
// the input. `out_fd`: standard output, where `sink` writes to it, else -1.
Conversion ConvertHere(std::unique_ptr<io::ByteSource> source, const std::string& name,
                       const ReadOptions& read, std::unique_ptr<io::ByteSink> sink,
                       const files::OutputKind& to, int out_fd, TransferProgress* progress);

}  // namespace scamper::cli
