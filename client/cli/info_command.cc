// SPDX-License-Identifier: Apache-2.0
#include "client/cli/info_command.h"

#include <string>
#include <utility>

#include "client/cli/any_input.h"
#include "client/cli/file_info.h"
#include "client/cli/file_report.h"
#include "server/io/fd_io.h"

namespace scamper::cli {
namespace {

// With a bar while the file is read. The error is that of opening it.
absl::StatusOr<FileInfo> InfoOf(AnyInputs* inputs, const Place& place, files::InputKind kind,
                                const Console& console) {
  absl::StatusOr<AnyInput> input = inputs->Open(place, false);
  if (!input.ok()) return input.status();
  TransferProgress progress(console.err, console.live_progress, input->size);
  return Survey(Metered(std::move(input->source), &progress), kind);
}

int CodeOf(const FileInfo& info) {
  if (!info.error.ok()) return kTaskFailed;
  return info.regions == 0 ? kSuccess : kDamageLeftOut;
}

}  // namespace

int RunInfoCommand(const InfoOptions& options, const Console& console, Interrupt* interrupt) {
  AnyInputs inputs(options.common, console, interrupt);
  io::FdSink out(console.out_fd, io::FdOwnership::kBorrow, "standard output");
  TransferProgress err(console.err, false, std::nullopt);
  int code = kSuccess;
  std::string between;
  for (const Place& place : options.files) {
    const std::string name = NameOf(place, "standard input");
    const absl::StatusOr<FileInfo> info = InfoOf(&inputs, place, options.kind, console);
    if (!info.ok()) {
      code = Worse(code, InputFailed("", info.status(), &err));
      continue;
    }
    code = Worse(code, inputs.CodeOfLast(CodeOf(*info)));
    if (!info->error.ok()) InputFailed(name, info->error, &err);
    const absl::Status written = out.Write(options.common.json ? InfoJson(name, *info) + "\n"
                                                               : between + InfoText(name, *info));
    between = "\n";
    if (!written.ok()) return OutputFailed(written, console.out_fd, &err);
  }
  return code;
}

}  // namespace scamper::cli
