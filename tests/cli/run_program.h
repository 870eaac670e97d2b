// SPDX-License-Identifier: Apache-2.0
// Runs the command line inside the test.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/program.h"

namespace scamper::cli {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

inline Ran RunCli(const std::string& server, const std::vector<std::string>& arguments,
                  bool live_progress = false) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Ran ran;
  ran.code = RunProgram(arguments, server, Console{in, out, err, live_progress}, nullptr);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

}  // namespace scamper::cli
