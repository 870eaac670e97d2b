// SPDX-License-Identifier: Apache-2.0
// The streams that a command talks to.
#pragma once

#include <unistd.h>

#include <istream>
#include <ostream>

namespace scamper::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  // Whether err shows progress that is refreshed in place.
  bool live_progress = false;
  // The same as `in` and `out`, for the bytes of files.
  int in_fd = STDIN_FILENO;
  int out_fd = STDOUT_FILENO;
};

}  // namespace scamper::cli
