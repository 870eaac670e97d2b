// SPDX-License-Identifier: Apache-2.0
// A file of any kind into one of any other: the join of sources, streams and sinks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "server/files/open_records.h"
#include "server/files/output_kind.h"
#include "server/files/record_sink.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

namespace scamper::files {

// Called often, on the thread that converts; false stops, with CANCELLED. Null: goes on.
using Going = std::function<bool()>;

// What was converted, also where an error ended it. Up to date whenever Going is called.
struct Totals {
  // Those that the filter asks for and that were handed to the output, also where its
  // format has no form for them. Lists and cycles that a filtered warts file needs besides are not
  // counted.
  uint64_t records = 0;
  absl::btree_map<uint32_t, uint64_t> records_by_type;
  // Bytes as `source` gave them and `sink` took them, compressed or not.
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;
  // What recovery left out; bytes are of the decompressed input.
  uint64_t regions_skipped = 0;
  uint64_t bytes_skipped = 0;
};

// Reads `source` to its end and writes it to `sink`, which is closed when all went well.
//
// warts to warts:
// - Without recovery records are copied as they are and not looked into, so that every one
//   survives, whatever is in its body; a filter keeps the lists, cycles and addresses, and
//   so the meaning of the numbers by which records name them.
// - With recovery records are decoded, what cannot be is left out, and the file is written
//   anew: numbers of lists and cycles that were lost would else make it a file that scamper's
//   reader refuses, or one that says the wrong thing. See NewWartsSink for what stays
//   byte for byte.
//
// Errors:
// - Damage is DATA_LOSS, a record that the output cannot hold INVALID_ARGUMENT; both say
//   where. All that precedes it has been written and the sink was closed. With recovery both are
//   reported to InputOptions::on_skipped instead.
// - Any other error of `source`, and CANCELLED by `going`: the sink is abandoned.
// - An error of `sink` is returned as it is.
// Blocks as `source` and `sink` do. Memory: see RecordStream and NewWartsSink.
absl::Status Convert(std::unique_ptr<io::ByteSource> source, const InputOptions& input,
                     std::unique_ptr<io::ByteSink> sink, const OutputKind& output,
                     const Going& going, Totals* totals);

// Reads `source` to its end and gives its records, decoded, to `sink`, which is not closed. Errors
// as of Convert; after one of a `sink` nothing more is given to it. bytes_out are not counted.
absl::Status DeliverRecords(std::unique_ptr<io::ByteSource> source, const InputOptions& input,
                            RecordSink& sink, const Going& going, Totals* totals);

// A sink of that kind for decoded records.
std::unique_ptr<RecordSink> OpenSink(std::unique_ptr<io::ByteSink> sink, const OutputKind& output);

}  // namespace scamper::files
