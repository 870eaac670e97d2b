// SPDX-License-Identifier: Apache-2.0
// scamper-grpc: measures from scamper instances through scamper-grpc-server. Wiring only.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "client/cli/program.h"
#include "client/cli/progress.h"

int main(int argc, char** argv) {
  // A closed pipe is an error of the output, seen where it is written.
  signal(SIGPIPE, SIG_IGN);
  scamper::cli::Interrupt interrupt;
  const char* server = std::getenv("SCAMPER_GRPC_SERVER");
  const scamper::cli::Console console{
      std::cin, std::cout, std::cerr,
      scamper::cli::TerminalShowsProgress(isatty(STDERR_FILENO) != 0, std::getenv("TERM"))};
  return scamper::cli::RunProgram(std::vector<std::string>(argv + 1, argv + argc),
                                  server == nullptr ? "" : server, console, &interrupt);
}
