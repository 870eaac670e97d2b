// SPDX-License-Identifier: Apache-2.0
// The streams that a command talks to.
#pragma once

#include <istream>
#include <ostream>

namespace scamper::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  // Whether err shows progress that is refreshed in place.
  bool live_progress = false;
};

}  // namespace scamper::cli
