// SPDX-License-Identifier: Apache-2.0
// Where the events of a run go.
#pragma once

#include <string>

#include "scamper/v1/control.pb.h"

namespace scamper::cli {

// Each call prints one event whole and flushes. `dst` is the destination as it was asked for.
class Output {
 public:
  virtual ~Output() = default;
  virtual void Result(const v1::Result& result, const std::string& dst) = 0;
  // An interim report of a task that goes on.
  virtual void Interim(const v1::Result& result, const std::string& dst) = 0;
  virtual void Error(const v1::TaskError& error, const std::string& dst) = 0;
};

}  // namespace scamper::cli
