// SPDX-License-Identifier: Apache-2.0
#include "server/warts/state.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace scamper::warts {
namespace {

std::string PathOf(const Place& place) {
  std::string path;
  if (place.item != nullptr) absl::StrAppend(&path, place.item, " ", place.index, ", ");
  return absl::StrCat(path, place.field == nullptr ? "body" : place.field);
}

}  // namespace

absl::Status ReadState::ToStatus(absl::string_view record_name) const {
  return absl::DataLossError(absl::StrCat(record_name, " record, offset ", failed_at_, ", ",
                                          PathOf(failed_), ": expected ",
                                          expected_ == nullptr ? "a value" : expected_));
}

absl::Status WriteState::ToStatus(absl::string_view record_name) const {
  return absl::InvalidArgumentError(absl::StrCat(record_name, " record, ", PathOf(failed_), ": ",
                                                 reason_ == nullptr ? "is invalid" : reason_));
}

WriteState::Id WriteState::IdOfMany(const Address& address) {
  if (addresses_.empty()) {
    for (const Address& few : few_addresses_)
      addresses_.emplace(few, static_cast<uint32_t>(addresses_.size()));
  }
  const auto [it, inserted] =
      addresses_.try_emplace(address, static_cast<uint32_t>(addresses_.size()));
  return {it->second, inserted};
}

WriteState::Id WriteState::NameId(absl::string_view name) {
  const auto found = names_.find(name);
  if (found != names_.end()) return {found->second, false};
  constexpr size_t kCapacity = 254;
  if (names_.size() >= kCapacity) return {0, true};
  const uint32_t id = static_cast<uint32_t>(names_.size()) + 1;
  names_.emplace(name, id);
  return {id, true};
}

}  // namespace scamper::warts
