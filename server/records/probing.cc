// SPDX-License-Identifier: Apache-2.0
#include "server/records/probing.h"

#include "absl/strings/str_cat.h"

namespace scamper::records {

uint64_t ProbesToHop(uint32_t confidence) { return confidence == 99 ? 8 : 6; }

void AddTarget(absl::string_view field, absl::string_view address, Probing* probing) {
  const auto parsed = base::ParseIpAddress(address);
  if (parsed) probing->targets.push_back({base::PrefixOf(*parsed), std::string(field)});
}

void AddTargets(absl::string_view field,
                const google::protobuf::RepeatedPtrField<std::string>& addresses,
                Probing* probing) {
  for (int i = 0; i < addresses.size(); ++i) {
    AddTarget(absl::StrCat(field, "[", i, "]"), addresses[i], probing);
  }
}

int64_t MicrosOr(bool present, const google::protobuf::Duration& duration, int64_t otherwise) {
  return present ? duration.seconds() * 1000000 + duration.nanos() / 1000 : otherwise;
}

int64_t WaitsBetween(uint64_t packets, int64_t wait) {
  return packets == 0 ? 0 : static_cast<int64_t>(packets - 1) * wait;
}

}  // namespace scamper::records
