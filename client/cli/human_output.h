// SPDX-License-Identifier: Apache-2.0
// Results in the manner of ping and traceroute, or as JSON where scamper has no text of them.
#pragma once

#include <ostream>
#include <string>

#include "client/cli/output.h"

namespace scamper::cli {

// Results go to `out`, a blank line between them, below a line "INSTANCE:" where `name_instances`.
// Errors go to `err`: "scamper-grpc: INSTANCE DST: message (outcome)". Interim reports are not
// shown. Not thread safe; the streams must outlive this.
class HumanOutput final : public Output {
 public:
  HumanOutput(std::ostream& out, std::ostream& err, bool name_instances)
      : out_(out), err_(err), name_instances_(name_instances) {}

  void Result(const v1::Result& result, const std::string& dst) override;
  void Interim(const v1::Result& result, const std::string& dst) override;
  void Error(const v1::TaskError& error, const std::string& dst) override;

 private:
  std::ostream& out_;
  std::ostream& err_;
  const bool name_instances_;
  bool first_ = true;
};

}  // namespace scamper::cli
