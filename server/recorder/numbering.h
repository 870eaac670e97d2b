// SPDX-License-Identifier: Apache-2.0
// Records of many connections to scamper as those of one warts file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "scamper/v1/common.pb.h"

namespace scamper::recorder {

// The list and cycle of the connection that a record came from. Where either is null the record
// has neither.
struct Under {
  std::shared_ptr<const v1::List> list;
  std::shared_ptr<const v1::Cycle> cycle;
};

// Each connection numbers its list and cycle from 1; here they get the numbers of the file, and are
// written, the cycle as a start, before the first record that names them. Equal ones are one, as
// scamper's own writer has it: of a list all but its number, of a cycle all but its number, that of
// its list, and its stop. Not thread-safe.
class Numbering {
 public:
  // Appends to `out` a whole record, header included, of any measurement. But for its two numbers
  // it stays byte for byte as it is, also where it is malformed or of a type that is not known;
  // then its numbers change only where they can be found. A number that is not that of `under`
  // becomes none, which of an unknown type leaves both alone. With an error nothing of the record
  // is appended: DATA_LOSS where it is not framed as one record, INVALID_ARGUMENT where it is of no
  // measurement, or the list or cycle cannot be written.
  absl::Status Append(const Under& under, absl::string_view record, std::string* out);

  // Appends the stop of each cycle that was written; nothing may be appended afterwards.
  void AppendStops(absl::Time stop, std::string* out) const;

 private:
  struct Numbers {
    uint32_t list = 0;
    uint32_t cycle = 0;
  };
  struct Known {
    // Keeps the pointers from being given to others.
    Under under;
    Numbers numbers;
  };

  absl::StatusOr<Numbers> NumbersOf(const Under& under, std::string* out);
  absl::StatusOr<uint32_t> ListNumber(const v1::List& list, std::string* out);
  absl::StatusOr<uint32_t> CycleNumber(const v1::Cycle& cycle, uint32_t list, std::string* out);
  static void Renumber(uint32_t type, Numbers from, Numbers to, char* record, size_t size);

  absl::flat_hash_map<std::pair<const v1::List*, const v1::Cycle*>, Known> known_;
  // By value.
  absl::flat_hash_map<std::string, uint32_t> lists_;
  absl::flat_hash_map<std::string, uint32_t> cycles_;
};

// Appends the record that cycle number `cycle` of the file stopped, to the second.
void AppendStop(uint32_t cycle, absl::Time stop, std::string* out);

}  // namespace scamper::recorder
