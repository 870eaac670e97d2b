// SPDX-License-Identifier: Apache-2.0
// Writing records to a file, as warts or as text that people and tools read.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "server/files/file_record.h"
#include "server/io/byte_sink.h"

namespace scamper::files {

// Not thread-safe. The first error of the sink below is final.
class RecordSink {
 public:
  // A sink destroyed before Close abandons its output.
  virtual ~RecordSink() = default;

  // INVALID_ARGUMENT where the format cannot hold the record, of which then nothing is
  // written but the list and cycle it names, and writing may go on; otherwise the error of the sink
  // below. May block.
  virtual absl::Status Write(const FileRecord& record) = 0;

  // Writes what is still held back and closes the sink below.
  virtual absl::Status Close() = 0;
};

// A warts file that scamper's own reader takes: lists and cycles are numbered from 1 in
// the order in which they are written, and are written when they are met or first needed,
// whichever comes first. Those of one value (of a list all but its number; of a cycle its
// list, id, start and host name) are one, and are written once. A list or cycle that
// is named but not known becomes none; a stop of a cycle that is not known is left out. The
// number of a cycle ends with its stop, behind which scamper's reader does not take it: where the
// cycle is named again, it is defined again. A list without a name, as of an arts file, is named
// by its id, for the format needs a name. Address records get the check values of their order.
// A file that scamper wrote, and reads, gives the same bytes. REQUIRES: decoded records.
std::unique_ptr<RecordSink> NewWartsSink(std::unique_ptr<io::ByteSink> sink);

// The bytes of each record as they are. REQUIRES: records with their bytes, that need
// no decoding; all of one file (see StreamOptions::keep_definitions).
std::unique_ptr<RecordSink> NewCopyingSink(std::unique_ptr<io::ByteSink> sink);

// JSON lines; see records/json.h for the quirks. Records without a form give nothing.
// REQUIRES: decoded records.
std::unique_ptr<RecordSink> NewJsonSink(std::unique_ptr<io::ByteSink> sink, bool scamper_quirks);

// Text as of scamper's own tool; records without a form give nothing. REQUIRES: decoded records.
std::unique_ptr<RecordSink> NewTextSink(std::unique_ptr<io::ByteSink> sink);

// A v1::FileRecord each, without the bytes of the record, behind its length as a varint.
// REQUIRES: decoded records.
std::unique_ptr<RecordSink> NewProtobufSink(std::unique_ptr<io::ByteSink> sink);

}  // namespace scamper::files
