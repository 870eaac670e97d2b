// SPDX-License-Identifier: Apache-2.0
// What reading and writing one record carries along: the dictionaries that
// span the record, and where it failed. Not thread-safe; one for each record.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/warts/address.h"

namespace scamper::warts {

// Names are literals: nothing is built unless the record is at fault.
struct Place {
  // E.g. "reply"; null for the record itself.
  const char* item = nullptr;
  // Index of the item from 0.
  uint32_t index = 0;
  // Name of the field.
  const char* field = nullptr;
};

class ReadState {
 public:
  // `table` may be null: no file-level addresses are known. It outlives this.
  explicit ReadState(const AddressTable* table) : table_(table) {}

  // Where reading is. The setters cost a store each.
  Place place;

  // Notes the first failure; returns false. `expected` is a literal, e.g. "2 bytes".
  bool Fail(size_t offset, const char* expected) {
    if (expected_ == nullptr) {
      expected_ = expected;
      failed_at_ = offset;
      failed_ = place;
    }
    return false;
  }
  // DATA_LOSS naming record type, offset in the record, field and what was
  // expected. REQUIRES: Fail was called.
  absl::Status ToStatus(absl::string_view record_name) const;

  // A string that is not UTF-8, which no field can hold: returns false, without
  // a failure. The parameter block keeps it and all that follows as raw bytes.
  bool NotText() {
    not_text_ = true;
    return false;
  }
  // Whether NotText was called since the last time.
  bool TakeNotText() {
    const bool was = not_text_;
    not_text_ = false;
    return was;
  }

  // The record's addresses, by id.
  void Define(AddressView address) { addresses_.push_back(address); }
  const AddressView* Defined(uint32_t id) const {
    return id < addresses_.size() ? &addresses_[id] : nullptr;
  }
  // Null where the file does not define that number.
  const Address* FileAddress(uint32_t number) const {
    return table_ == nullptr ? nullptr : table_->Find(number);
  }

  // The record's interface names, ids from 1.
  absl::InlinedVector<absl::string_view, 4> names;

  // A length that one parameter of a block leaves for a later one.
  uint32_t pending_size = 0;

 private:
  const AddressTable* table_;
  absl::InlinedVector<AddressView, 16> addresses_;
  const char* expected_ = nullptr;
  size_t failed_at_ = 0;
  Place failed_;
  bool not_text_ = false;
};

class WriteState {
 public:
  Place place;

  // Notes the first failure; returns false. `reason` is a literal, e.g. "must be within 0 - 255".
  bool Fail(const char* reason) {
    if (reason_ == nullptr) {
      reason_ = reason;
      failed_ = place;
    }
    return false;
  }
  // INVALID_ARGUMENT naming the field. REQUIRES: Fail was called.
  absl::Status ToStatus(absl::string_view record_name) const;

  // Ids by address and by name; the second is whether it was new.
  struct Id {
    uint32_t id;
    bool defined_now;
  };
  Id AddressId(const Address& address) {
    if (few_addresses_.size() == kFew) return IdOfMany(address);
    uint32_t id = 0;
    while (id < few_addresses_.size() && few_addresses_[id] != address) ++id;
    if (id < few_addresses_.size()) return {id, false};
    few_addresses_.push_back(address);
    return {id, true};
  }
  // Id 0: the dictionary is full. `name` outlives this.
  Id NameId(absl::string_view name);

 private:
  // Looking through so many is no slower than a table.
  static constexpr size_t kFew = 24;

  Id IdOfMany(const Address& address);

  // The first kFew addresses.
  absl::InlinedVector<Address, kFew> few_addresses_;
  // All, once there are that many.
  absl::flat_hash_map<Address, uint32_t> addresses_;
  absl::flat_hash_map<absl::string_view, uint32_t> names_;
  const char* reason_ = nullptr;
  Place failed_;
};

}  // namespace scamper::warts
