// SPDX-License-Identifier: Apache-2.0
// The lists and cycles of a file, by the numbers that its records name them by.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "scamper/v1/record.pb.h"
#include "server/files/file_record.h"

namespace scamper::files {

// The check value of an address record is its number, from 1, modulo this.
inline constexpr uint32_t kAddressCheckModulus = 255;

// The last definition of a number holds. Not thread-safe.
class Definitions {
 public:
  void Define(const v1::List& list);
  void Define(const v1::Cycle& cycle);
  // Those that the record is the definition of.
  void Define(const v1::Record& record);

  // Fills in list, cycle and cycle_list of what `record` names, once the record itself was
  // defined, and definitions. They are valid until their number is defined again.
  void Resolve(const v1::Record& record, FileRecord* item) const;

 private:
  const v1::List* ListOf(uint32_t id) const;
  const v1::Cycle* CycleOf(uint32_t id) const;

  absl::flat_hash_map<uint32_t, std::unique_ptr<v1::List>> lists_;
  absl::flat_hash_map<uint32_t, std::unique_ptr<v1::Cycle>> cycles_;
  uint64_t defined_ = 0;
};

}  // namespace scamper::files
