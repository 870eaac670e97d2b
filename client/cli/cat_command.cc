// SPDX-License-Identifier: Apache-2.0
#include "client/cli/cat_command.h"

#include <memory>
#include <string>
#include <utility>

#include "client/cli/any_input.h"
#include "client/cli/convert_here.h"
#include "client/cli/file_report.h"
#include "server/io/fd_io.h"

namespace scamper::cli {

int RunCatCommand(const CatOptions& options, const Console& console, Interrupt* interrupt) {
  files::OutputKind to;
  to.format = options.common.json ? files::Format::kJson : files::Format::kText;
  AnyInputs inputs(options.common, console, interrupt);
  int code = kSuccess;
  for (const Place& place : options.files) {
    const std::string name = NameOf(place, "standard input");
    // Without a bar: the output is for people, or for a program that reads it.
    TransferProgress progress(console.err, false, std::nullopt);
    absl::StatusOr<AnyInput> input = inputs.Open(place, true);
    if (!input.ok()) {
      code = Worse(code, InputFailed("", input.status(), &progress));
      continue;
    }
    auto sink =
        std::make_unique<io::FdSink>(console.out_fd, io::FdOwnership::kBorrow, "standard output");
    const Conversion done = ConvertHere(std::move(input->source), name, options.read,
                                        std::move(sink), to, console.out_fd, &progress);
    if (done.output_failed) return done.code;
    code = Worse(code, inputs.CodeOfLast(done.code));
  }
  return code;
}

}  // namespace scamper::cli
