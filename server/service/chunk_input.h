// SPDX-License-Identifier: Apache-2.0
// The requests of a call that uploads a file: its options, then chunks, then perhaps the end.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/io/byte_source.h"
#include "server/io/callback_io.h"
#include "server/records/command.h"

namespace scamper::service {

// `Call` is Receiving of `Request`, which has the parts options, chunk and end. Not thread-safe.
template <typename Call, typename Request>
class ChunkInput {
 public:
  // The call outlives this. `before_waiting` is called before a wait for the client.
  explicit ChunkInput(Call* call, std::function<absl::Status()> before_waiting = nullptr)
      : call_(call), before_waiting_(std::move(before_waiting)) {}

  // The first request. INVALID_ARGUMENT, with violation(), where it has no options.
  absl::StatusOr<Request> Options() {
    absl::StatusOr<std::optional<Request>> request = call_->Receive();
    if (!request.ok()) return request.status();
    if (!request->has_value() || (*request)->part_case() != Request::kOptions)
      return Violates("options", "must be in the first request");
    return **std::move(request);
  }

  // The next chunk; nothing at the end.
  absl::StatusOr<std::optional<std::string>> Next() {
    if (before_waiting_ && !call_->HasRequest()) {
      absl::Status status = before_waiting_();
      if (!status.ok()) return status;
    }
    absl::StatusOr<std::optional<Request>> request = call_->Receive();
    if (!request.ok()) return request.status();
    if (!request->has_value()) return std::nullopt;
    switch ((*request)->part_case()) {
      case Request::kChunk:
        if ((*request)->chunk().size() > kMaxChunk)
          return Violates("chunk", absl::StrCat("must have at most ", kMaxChunk, " bytes"));
        return std::move(*(*request)->mutable_chunk());
      case Request::kEnd:
        complete_ = true;
        return std::nullopt;
      case Request::kOptions:
        return Violates("options", "must be in the first request only");
      default:
        return Violates("part", "must be set");
    }
  }

  // What Next delivers. This outlives it.
  std::unique_ptr<io::ByteSource> Source() {
    return std::make_unique<io::CallbackSource>([this] { return Next(); });
  }

  // Whether the client said that it has sent all.
  bool complete() const { return complete_; }
  // Of the request that was wrong.
  const std::optional<records::FieldViolation>& violation() const { return violation_; }

 private:
  static constexpr size_t kMaxChunk = size_t{4} << 20;

  absl::Status Violates(std::string field, std::string description) {
    violation_ = {std::move(field), std::move(description)};
    return absl::InvalidArgumentError(violation_->description);
  }

  Call* const call_;
  const std::function<absl::Status()> before_waiting_;
  bool complete_ = false;
  std::optional<records::FieldViolation> violation_;
};

// Of calls whose output goes to the store.
inline records::FieldViolation EndIsMissing() {
  return {"end", "must be the last request where the output goes to the store"};
}

}  // namespace scamper::service
