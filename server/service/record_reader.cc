// SPDX-License-Identifier: Apache-2.0
#include "server/service/record_reader.h"

#include <utility>

#include "server/records/registry.h"

namespace scamper::service {

absl::Status RecordReader::ReadList(absl::string_view record, v1::List* list) const {
  v1::Record read;
  if (absl::Status status = records::Read(record, &read); !status.ok()) return status;
  if (!read.has_list()) return absl::DataLossError("expected a list record");
  *list = std::move(*read.mutable_list());
  return absl::OkStatus();
}

absl::Status RecordReader::ReadCycle(absl::string_view record, v1::Cycle* cycle) const {
  v1::Record read;
  if (absl::Status status = records::Read(record, &read); !status.ok()) return status;
  if (read.has_cycle_start()) {
    *cycle = std::move(*read.mutable_cycle_start());
  } else if (read.has_cycle_definition()) {
    *cycle = std::move(*read.mutable_cycle_definition());
  } else {
    return absl::DataLossError("expected a cycle record");
  }
  return absl::OkStatus();
}

absl::StatusOr<broker::ResultKey> RecordReader::Key(absl::string_view record) const {
  absl::StatusOr<records::ResultIdentity> identity = records::Identify(record);
  if (!identity.ok()) return identity.status();
  return broker::ResultKey{std::move(identity->key), identity->halted,
                           std::move(identity->fallback_key)};
}

}  // namespace scamper::service
