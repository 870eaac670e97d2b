// SPDX-License-Identifier: Apache-2.0
// Records in, whatever they come from.
#pragma once

#include "absl/status/statusor.h"
#include "server/files/file_record.h"

namespace scamper::files {

// Not thread-safe.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  // Three outcomes:
  //   a record   valid until the next call
  //   null       clean end: the input ended behind a record, or with recovery anywhere
  //   error      all whole records before it were delivered. Damage is DATA_LOSS and
  //              says byte, record index, type where known, and what was expected; an
  //              error of the source keeps its code. With recovery, only errors of the
  //              source that are not damage.
  // An end and an error are final: each further call returns the same. May block.
  virtual absl::StatusOr<const FileRecord*> Next() = 0;
};

}  // namespace scamper::files
