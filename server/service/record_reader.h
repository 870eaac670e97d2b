// SPDX-License-Identifier: Apache-2.0
// How the broker, which knows no format, reads what it must of records.
#pragma once

#include "server/broker/broker.h"

namespace scamper::service {

class RecordReader final : public broker::RecordReader {
 public:
  absl::Status ReadList(absl::string_view record, v1::List* list) const override;
  absl::Status ReadCycle(absl::string_view record, v1::Cycle* cycle) const override;
  absl::StatusOr<broker::ResultKey> Key(absl::string_view record) const override;
};

}  // namespace scamper::service
