// SPDX-License-Identifier: Apache-2.0
#include "client/cli/any_input.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/file_input.h"
#include "client/cli/file_report.h"
#include "client/cli/store_input.h"

namespace scamper::cli {

AnyInputs::AnyInputs(const CommonOptions& common, const Console& console, Interrupt* interrupt)
    : common_(common),
      console_(console),
      interrupt_(interrupt),
      deadline_(absl::Now() + common.timeout) {}

absl::StatusOr<AnyInput> AnyInputs::Open(const Place& place, bool prints) {
  call_ = grpc::Status::OK;
  if (place.kind == Place::Kind::kStore) {
    if (!connection_.has_value()) connection_.emplace(common_.server, common_.timeout, interrupt_);
    return AnyInput{OpenStored(*connection_, place.name, &call_), std::nullopt};
  }
  absl::StatusOr<std::unique_ptr<FileInput>> file =
      FileInput::Open(place, console_.in_fd, deadline_);
  if (!file.ok()) return file.status();
  if (prints && (*file)->IsSameFile(console_.out_fd)) {
    return absl::FailedPreconditionError(
        absl::StrCat(NameOf(place, "standard input"), " is standard output as well"));
  }
  const std::optional<uint64_t> size = (*file)->size();
  return AnyInput{*std::move(file), size};
}

int AnyInputs::CodeOfLast(int code) const {
  return code == kSuccess || call_.ok() ? code : CodeOfCall(call_);
}

}  // namespace scamper::cli
