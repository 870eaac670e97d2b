// SPDX-License-Identifier: Apache-2.0
// Inputs of commands that read files in this process, wherever the files are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/connection.h"
#include "client/cli/console.h"
#include "client/cli/file_options.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

struct AnyInput {
  std::unique_ptr<io::ByteSource> source;
  // Bytes; nothing where that is not known beforehand.
  std::optional<uint64_t> size;
};

// Opens one place after the other; a connection is made when the first is in the store. Not thread
// safe; the arguments must outlive this, and this the sources.
class AnyInputs {
 public:
  AnyInputs(const CommonOptions& common, const Console& console, Interrupt* interrupt);

  // Errors name the file. FAILED_PRECONDITION where standard output is the same regular file,
  // and `prints`.
  absl::StatusOr<AnyInput> Open(const Place& place, bool prints);

  // The exit code for what was opened last, from `code` of working on it.
  int CodeOfLast(int code) const;

 private:
  const CommonOptions& common_;
  const Console& console_;
  Interrupt* const interrupt_;
  const absl::Time deadline_;
  std::optional<Connection> connection_;
  // Of the call for the source opened last.
  grpc::Status call_;
};

}  // namespace scamper::cli
