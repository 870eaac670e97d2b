// SPDX-License-Identifier: Apache-2.0
// Writing records that did not come from a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scamper/v1/files.pb.h"
#include "server/files/definitions.h"
#include "server/files/output_kind.h"
#include "server/files/record_sink.h"
#include "server/io/byte_sink.h"

namespace scamper::files {

// What keeps a record from being written.
struct RecordFault {
  // Path of the field in the v1::FileRecord, e.g. "record.ping.list_id"; "record" where the
  // description names the field.
  std::string field;
  std::string description;
};

// Not thread-safe.
class RecordWriter {
 public:
  RecordWriter(std::unique_ptr<io::ByteSink> sink, const OutputKind& output);
  // Destroyed before Close: the output is abandoned.

  // Writes record.record. The lists and cycles that it names by number must be those of
  // record.list and record.cycle, or come earlier as one of those or as a record; number 0 is none.
  // Offset, index, bytes, addresses and what is derived (summaries) are not used: they are made
  // anew. With a fault, nothing is written but the list and the cycle, and writing may go on.
  // An error is that of the sink below, and final. May block.
  absl::StatusOr<std::optional<RecordFault>> Write(const v1::FileRecord& record);

  // Writes what is still held back and closes the sink below.
  absl::Status Close() { return sink_->Close(); }

  // Records written, in all and by record type of the warts format.
  uint64_t records() const { return records_; }
  const absl::btree_map<uint32_t, uint64_t>& records_by_type() const { return by_type_; }

 private:
  // As reading gives the record: the sink prints what is derived as well.
  std::optional<RecordFault> Complete(const v1::Record& record);

  const std::unique_ptr<RecordSink> sink_;
  Definitions definitions_;
  v1::Record completed_;
  uint64_t records_ = 0;
  absl::btree_map<uint32_t, uint64_t> by_type_;
};

}  // namespace scamper::files
