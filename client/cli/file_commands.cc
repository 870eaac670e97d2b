// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_commands.h"

#include <variant>

#include "client/cli/cat_command.h"
#include "client/cli/convert_command.h"
#include "client/cli/info_command.h"
#include "client/cli/store_commands.h"

namespace scamper::cli {
namespace {

struct Run {
  const Console& console;
  Interrupt* interrupt;

  int operator()(const ConvertOptions& options) const {
    return RunConvertCommand(options, console, interrupt);
  }
  int operator()(const CatOptions& options) const {
    return RunCatCommand(options, console, interrupt);
  }
  int operator()(const InfoOptions& options) const {
    return RunInfoCommand(options, console, interrupt);
  }
  int operator()(const ListOptions& options) const {
    return RunListCommand(options, console, interrupt);
  }
  int operator()(const PutOptions& options) const {
    return RunPutCommand(options, console, interrupt);
  }
  int operator()(const GetOptions& options) const {
    return RunGetCommand(options, console, interrupt);
  }
  int operator()(const RemoveOptions& options) const {
    return RunRemoveCommand(options, console, interrupt);
  }
};

}  // namespace

int RunFileCommand(const FileOptions& options, const Console& console, Interrupt* interrupt) {
  return std::visit(Run{console, interrupt}, options);
}

}  // namespace scamper::cli
