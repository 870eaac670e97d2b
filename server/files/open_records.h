// SPDX-License-Identifier: Apache-2.0
// The records of a file of any kind.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "server/files/record_source.h"
#include "server/files/record_stream.h"
#include "server/io/byte_source.h"
#include "server/io/kind.h"

namespace scamper::files {

enum class InputKind { kDetect, kWarts, kArts };

struct InputOptions {
  InputKind kind = InputKind::kDetect;
  // See StreamOptions.
  absl::flat_hash_set<uint32_t> types;
  bool recover = false;
  std::function<void(const SkippedRegion&)> on_skipped;
};

enum class Delivery {
  // FileRecord::record is there.
  kDecoded,
  // The same, without the fields that are derived from others: enough to write warts.
  kRecorded,
  // For a copy: FileRecord::bytes are enough, and lists, cycles and addresses come
  // whatever the filter. Bodies are not looked at. Only warts can be had so; records of
  // other kinds come decoded.
  kBytes,
};

struct OpenedRecords {
  // What the input is; never kDetect.
  InputKind kind = InputKind::kWarts;
  io::Compression compression = io::Compression::kNone;
  std::unique_ptr<RecordSource> records;
};

// Decompresses what is compressed. An empty input is a warts file without records. Damage
// and errors, also in the first bytes, come from the records. INVALID_ARGUMENT where
// `input` does not tell the kind and the content is of none, unless recovery is asked for: that
// searches it for warts records. Blocks as `source` does.
absl::StatusOr<OpenedRecords> OpenRecords(std::unique_ptr<io::ByteSource> source,
                                          const InputOptions& input, Delivery delivery);

}  // namespace scamper::files
