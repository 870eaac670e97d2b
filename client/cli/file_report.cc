// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_report.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "client/cli/file_output.h"

namespace scamper::cli {

void SayLeftOut(const std::string& name, const files::SkippedRegion& region,
                TransferProgress* progress) {
  progress->Say(absl::StrCat(name, ": left out ", region.length, " bytes at byte ", region.offset,
                             ": ", region.why));
}

ExitCode SayAllLeftOut(const std::string& name, uint64_t regions, uint64_t bytes,
                       TransferProgress* progress) {
  if (regions == 0) return kSuccess;
  progress->Say(absl::StrCat(name, ": left out ", regions, regions == 1 ? " region" : " regions",
                             ", ", bytes, " bytes"));
  return kDamageLeftOut;
}

ExitCode InputFailed(const std::string& name, const absl::Status& status,
                     TransferProgress* progress) {
  const std::string message(status.message());
  progress->Say(name.empty() ? message : absl::StrCat(name, ": ", message));
  return kTaskFailed;
}

int OutputFailed(const absl::Status& status, int out_fd, TransferProgress* progress) {
  if (out_fd >= 0 && ReaderIsGone(out_fd)) return kSignal + SIGPIPE;
  progress->Say(std::string(status.message()));
  return kTaskFailed;
}

ExitCode CallFailed(const Connection& connection, const grpc::Status& status,
                    TransferProgress* progress) {
  for (const std::string& line : connection.Explain(status, {})) progress->Say(line);
  return CodeOfCall(status);
}

ExitCode CodeOfCall(const grpc::Status& status) {
  const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  return late ? kTaskFailed : ExitCodeOf(status);
}

int Worse(int a, int b) {
  constexpr int kOrder[] = {kSuccess, kDamageLeftOut, kTaskFailed, kUsageError, kRpcFailed};
  const auto rank = [&](int code) { return std::find(kOrder, std::end(kOrder), code); };
  return rank(a) < rank(b) ? b : a;
}

bool ShowsBar(const Console& console, const Place& out) {
  const bool beside = out.kind == Place::Kind::kStandard && isatty(console.out_fd) != 0;
  return console.live_progress && !beside;
}

}  // namespace scamper::cli
