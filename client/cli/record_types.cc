// SPDX-License-Identifier: Apache-2.0
#include "client/cli/record_types.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "scamper/v1/record.pb.h"

namespace scamper::cli {
namespace {

std::string Dashed(const std::string& name) { return absl::StrReplaceAll(name, {{"_", "-"}}); }

// By type, all but that of records of unknown types.
const std::map<uint32_t, std::string>& Names() {
  static const auto* const kNames = [] {
    auto* names = new std::map<uint32_t, std::string>;
    const auto* kinds = v1::Record::descriptor()->FindOneofByName("kind");
    for (int i = 0; i < kinds->field_count(); ++i) {
      const int number = kinds->field(i)->number();
      if (number == v1::Record::kUnknown) continue;
      names->emplace(static_cast<uint32_t>(number), Dashed(kinds->field(i)->name()));
    }
    return names;
  }();
  return *kNames;
}

// 0 where it is none.
uint32_t TypeOf(const std::string& item) {
  uint32_t number = 0;
  if (absl::SimpleAtoi(item, &number)) return number <= UINT16_MAX ? number : 0;
  const std::string wanted = Dashed(absl::AsciiStrToLower(item));
  for (const auto& [type, name] : Names()) {
    if (name == wanted) return type;
  }
  return 0;
}

}  // namespace

std::string RecordTypeName(uint32_t type) {
  const auto found = Names().find(type);
  return found == Names().end() ? absl::StrCat("type-", type) : found->second;
}

absl::StatusOr<absl::flat_hash_set<uint32_t>> ParseRecordTypes(
    const std::vector<std::string>& items) {
  absl::flat_hash_set<uint32_t> types;
  std::vector<std::string> wrong;
  for (const std::string& item : items) {
    const uint32_t type = TypeOf(item);
    if (type == 0) {
      wrong.push_back(absl::StrCat("'", item, "'"));
    } else {
      types.insert(type);
    }
  }
  if (!wrong.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no record type: ", absl::StrJoin(wrong, ", "), "; there are 1-65535, ",
                     absl::StrJoin(Names(), ", ", [](auto* out, auto& row) {
                       absl::StrAppend(out, row.second, " (", row.first, ")");
                     })));
  }
  if (types.empty()) return absl::InvalidArgumentError("needs a record type");
  return types;
}

}  // namespace scamper::cli
