// SPDX-License-Identifier: Apache-2.0
// What a connection tells scamper of itself when it attaches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace scamper::control {

// The first version that takes one.
inline constexpr int kAttachmentSince = 20230605;

// What is absent is left to scamper.
struct Attachment {
  // Of the list. Its name is also that of the connection: the daemon closes another one with the
  // same name (case does not count) without a word.
  std::optional<uint32_t> list_id;
  std::optional<std::string> list_name;
  std::optional<std::string> list_descr;
  std::optional<uint32_t> cycle_id;
  std::optional<std::string> monitor;
};

// "attach", with what there is of it. INVALID_ARGUMENT, beginning with the name of the member, for
// a text that is empty, longer than 255 characters, or anything but printable ASCII without '"',
// which scamper has no way to take.
absl::StatusOr<std::string> AttachCommand(const Attachment& attachment);

// Whether scamper is left everything: any version takes that.
bool IsEmpty(const Attachment& attachment);

}  // namespace scamper::control
