// SPDX-License-Identifier: Apache-2.0
#include "client/cli/program.h"

#include <variant>

#include "client/cli/command_line.h"
#include "client/cli/explain_command.h"
#include "client/cli/file_commands.h"
#include "client/cli/instances_command.h"
#include "client/cli/run_command.h"

namespace scamper::cli {
namespace {

constexpr char kDefaultServer[] = "localhost:50151";

struct Command {
  const Console& console;
  Interrupt* interrupt;

  int operator()(const InstancesOptions& options) const {
    Connection connection(options.common.server, options.common.timeout, interrupt);
    return RunInstancesCommand(connection, options, console);
  }

  int operator()(const AttachOptions& options) const {
    Connection connection(options.common.server, options.common.timeout, interrupt);
    return RunAttachCommand(connection, options, console);
  }

  int operator()(const DetachOptions& options) const {
    Connection connection(options.common.server, options.common.timeout, interrupt);
    return RunDetachCommand(connection, options, console);
  }

  int operator()(const RunOptions& options) const {
    Connection connection(options.common.server, options.common.timeout, interrupt);
    return options.dry_run ? RunExplainCommand(connection, options, console)
                           : RunMeasurementCommand(connection, options, console);
  }

  int operator()(const FileOptions& options) const {
    return RunFileCommand(options, console, interrupt);
  }
};

}  // namespace

int RunProgram(const std::vector<std::string>& arguments, const std::string& default_server,
               const Console& console, Interrupt* interrupt) {
  const auto parsed = ParseCommandLine(
      arguments, default_server.empty() ? kDefaultServer : default_server, console);
  if (const ExitCode* code = std::get_if<ExitCode>(&parsed)) return *code;
  const int code = std::visit(Command{console, interrupt}, std::get<CommandLine>(parsed));
  const int signal = interrupt == nullptr ? 0 : interrupt->signal();
  return signal == 0 ? code : kSignal + signal;
}

}  // namespace scamper::cli
