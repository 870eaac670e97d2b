// SPDX-License-Identifier: Apache-2.0
// One call of ScamperFiles.Convert.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "client/cli/connection.h"
#include "client/cli/file_input.h"
#include "client/cli/transfer_progress.h"
#include "scamper/v1/files.pb.h"
#include "server/io/byte_sink.h"

namespace scamper::cli {

// How a call ended; at most one of the three is an error but for the call's, which the others
// cancel.
struct ConvertCallEnd {
  grpc::Status call;
  absl::Status input;
  absl::Status output;
  // Chunks came, whole or in part.
  bool got_output = false;
  v1::FileSummary summary;
};

// Sends the options and then `input`, and writes to `output` what comes, both at the same time:
// memory is a few chunks. A null `input` or `output` is in the store. `output` is not
// closed. `skipped` is called for each region that recovery left out. Progress is what was
// read of `input`, without one what came.
ConvertCallEnd CallConvert(Connection& connection, const v1::ConvertOptions& options,
                           FileInput* input, io::ByteSink* output,
                           const std::function<void(const v1::SkippedRegion&)>& skipped,
                           TransferProgress* progress);

// Reads the next chunk to send into `*chunk`, empty at the end: a full one of a regular
// file, else what there is.
absl::Status ReadChunk(FileInput& input, std::string* chunk);

}  // namespace scamper::cli
