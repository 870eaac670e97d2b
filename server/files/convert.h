// SPDX-License-Identifier: Apache-2.0
// A file of any kind into one of any other: the join of sources, streams and sinks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/files/record_sink.h"
#include "server/files/record_stream.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"
#include "server/io/kind.h"

namespace scamper::files {

enum class Format { kWarts, kJson, kText, kProtobuf };

// What an output is.
struct OutputKind {
  Format format = Format::kWarts;
  io::Compression compression = io::Compression::kNone;
  // JSON: exactly what scamper's own tool prints.
  bool scamper_json = false;
};

// "warts", "json", "text" or "protobuf", and ".gz", ".bz2" or ".xz" behind it.
// INVALID_ARGUMENT names what there is.
absl::StatusOr<OutputKind> ParseOutputKind(absl::string_view kind);

// By a file's name: ".warts", ".json" (".jsonl", ".ndjson"), ".txt" (".text") or ".pb", and the
// suffix of a compression behind it. INVALID_ARGUMENT where the name does not tell.
absl::StatusOr<OutputKind> OutputKindOfName(absl::string_view name);

// What an input is.
enum class InputKind { kDetect, kWarts, kArts };

struct InputOptions {
  InputKind kind = InputKind::kDetect;
  // See StreamOptions.
  absl::flat_hash_set<uint32_t> types;
  bool recover = false;
  std::function<void(const SkippedRegion&)> on_skipped;
};

// Called often; false stops, with CANCELLED.
using Going = std::function<bool()>;

// What was converted, also where an error ended it.
struct Totals {
  uint64_t records = 0;
  absl::btree_map<uint32_t, uint64_t> records_by_type;
  // Records that the output cannot hold (see RecordSink::Write), which were left out.
  uint64_t records_refused = 0;
  // Bytes as `source` gave them and `sink` took them.
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;
  uint64_t regions_skipped = 0;
  uint64_t bytes_skipped = 0;
};

// Reads `source` to its end and writes it to `sink`, which is closed when all went well.
// After damage all that precedes it has been written, the sink is closed, and the error is
// returned; after an error of the sink it is abandoned. Blocks as `source` and `sink` do; memory is
// bounded whatever the input's size (see RecordStream).
absl::Status Convert(std::unique_ptr<io::ByteSource> source, const InputOptions& input,
                     std::unique_ptr<io::ByteSink> sink, const OutputKind& output, const Going& going,
                     Totals* totals);

// The records of an input of any kind, as RecordStream gives them.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // See RecordStream::Next.
  virtual absl::StatusOr<const FileRecord*> Next() = 0;
};

// `decode` false: the bytes are enough. INVALID_ARGUMENT where the input is of no known kind,
// unless `input` asks for recovery.
absl::StatusOr<std::unique_ptr<RecordSource>> OpenRecords(std::unique_ptr<io::ByteSource> source,
                                                          const InputOptions& input, bool decode);

// A sink of that kind.
std::unique_ptr<RecordSink> OpenSink(std::unique_ptr<io::ByteSink> sink, const OutputKind& output);

}  // namespace scamper::files
