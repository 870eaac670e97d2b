// SPDX-License-Identifier: Apache-2.0
#include "server/control/attachment.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

constexpr size_t kMaxText = 255;

absl::Status CheckText(absl::string_view member, const std::string& text) {
  if (text.empty() || text.size() > kMaxText) {
    return absl::InvalidArgumentError(
        absl::StrCat(member, " must have 1 - ", kMaxText, " characters, has ", text.size()));
  }
  const auto wrong =
      std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~' || c == '"'; });
  if (wrong == text.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      member, " must be printable ASCII without '\"', byte ", wrong - text.begin(), " is not"));
}

}  // namespace

bool IsEmpty(const Attachment& attachment) {
  return !attachment.list_id && !attachment.list_name && !attachment.list_descr &&
         !attachment.cycle_id && !attachment.monitor;
}

absl::StatusOr<std::string> AttachCommand(const Attachment& attachment) {
  std::string command = "attach";
  if (attachment.list_id) absl::StrAppend(&command, " list_id ", *attachment.list_id);
  if (attachment.cycle_id) absl::StrAppend(&command, " cycle_id ", *attachment.cycle_id);
  const struct {
    absl::string_view member;
    absl::string_view parameter;
    const std::optional<std::string>& text;
  } texts[] = {{"list_name", "name", attachment.list_name},
               {"monitor", "monitor", attachment.monitor},
               {"list_descr", "descr", attachment.list_descr}};
  for (const auto& [member, parameter, text] : texts) {
    if (!text) continue;
    if (absl::Status status = CheckText(member, *text); !status.ok()) return status;
    absl::StrAppend(&command, " ", parameter, " \"", *text, "\"");
  }
  return command;
}

}  // namespace scamper::control
