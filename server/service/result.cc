// SPDX-License-Identifier: Apache-2.0
#include "server/service/result.h"

#include <utility>

#include "server/records/registry.h"

namespace scamper::service {

absl::Status MakeResult(std::string record, const broker::RecordedUnder* under,
                        const v1::ResultOptions& options, v1::Result* result) {
  absl::Status status = records::Read(record, result->mutable_record());
  if (under != nullptr) {
    *result->mutable_list() = under->list;
    *result->mutable_cycle() = under->cycle;
  }
  if (status.ok() && options.addresses()) {
    for (v1::AddressInfo& info : records::Addresses(result->record())) {
      *result->add_addresses() = std::move(info);
    }
  }
  if (options.warts()) result->set_warts(std::move(record));
  return status;
}

}  // namespace scamper::service
